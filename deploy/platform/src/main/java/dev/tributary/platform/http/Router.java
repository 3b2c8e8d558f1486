package dev.tributary.platform.http;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the route of a request. Literal segments win over parameters. Immutable. */
final class Router {

  private final List<Entry> entries;

  /**
   * @throws IllegalArgumentException when two routes answer the same method and pattern
   */
  Router(Collection<Route> routes) {
    Set<String> seen = new HashSet<>();
    for (Route route : routes) {
      if (!seen.add(route.method() + " " + route.pattern().replaceAll("\\{[^/]*}", "{}"))) {
        throw new IllegalArgumentException(
            "two routes answer " + route.method() + " " + route.pattern());
      }
    }
    this.entries = routes.stream().map(Entry::of).toList();
  }

  /**
   * @throws HttpException 404 when no route has that path, 405 with {@code Allow} when none of
   *     those takes the method
   */
  Match match(String method, RequestPath path) {
    List<Match> matches =
        entries.stream().flatMap(entry -> entry.match(path.segments()).stream()).toList();
    if (matches.isEmpty()) {
      throw HttpException.notFound("there is nothing at " + path);
    }
    return matches.stream()
        .filter(match -> match.takes(method))
        .min((a, b) -> Integer.compare(a.parameters.size(), b.parameters.size()))
        .orElseThrow(() -> notAllowed(method, path, matches));
  }

  private static HttpException notAllowed(String method, RequestPath path, List<Match> matches) {
    Set<String> allowed = new TreeSet<>();
    matches.forEach(match -> allowed.add(match.route.method()));
    String allow = String.join(", ", allowed);
    return new HttpException(
            405, "method_not_allowed", "%s does not take %s; use %s".formatted(path, method, allow))
        .header("Allow", allow);
  }

  /** A route and the values of its path parameters. */
  record Match(Route route, Map<String, String> parameters) {

    /** HEAD is GET without the body, which the server leaves out. */
    private boolean takes(String method) {
      return route.method().equals(method) || route.method().equals("GET") && method.equals("HEAD");
    }
  }

  private record Entry(Route route, List<String> pattern) {

    static Entry of(Route route) {
      return new Entry(route, List.of(route.pattern().substring(1).split("/")));
    }

    Optional<Match> match(List<String> segments) {
      if (segments.size() != pattern.size()) {
        return Optional.empty();
      }
      Map<String, String> parameters = new HashMap<>();
      for (int i = 0; i < segments.size(); i++) {
        String part = pattern.get(i);
        if (part.startsWith("{")) {
          parameters.put(part.substring(1, part.length() - 1), segments.get(i));
        } else if (!part.equals(segments.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(new Match(route, parameters));
    }
  }
}
