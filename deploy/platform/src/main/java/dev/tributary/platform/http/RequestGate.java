package dev.tributary.platform.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** What a request must be before anybody looks at its route or reads its body. */
final class RequestGate {

  private static final int MAX_HEADERS = 100;

  private final Set<String> hosts;
  private volatile boolean draining;

  RequestGate(HttpConfig config) {
    Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    names.add(
        config.host().contains(":") && !config.host().startsWith("[")
            ? "[" + config.host() + "]"
            : config.host());
    names.addAll(config.allowedHosts());
    this.hosts = Set.copyOf(names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
  }

  void drain() {
    draining = true;
  }

  /**
   * @throws HttpException 405, 431, 421 or 503
   */
  void check(Request request) {
    if (request.getMethod().equals("CONNECT")) {
      throw new HttpException(405, "method_not_allowed", "this server is no proxy")
          .header("Connection", "close");
    }
    if (request.getHeaders().size() > MAX_HEADERS) {
      throw new HttpException(431, "too_many_headers", "more than " + MAX_HEADERS + " headers")
          .header("Connection", "close");
    }
    String host =
        Optional.ofNullable(request.getHttpURI().getHost()).orElse("").toLowerCase(Locale.ROOT);
    if (!hosts.contains(host)) {
      throw new HttpException(
          421,
          "misdirected_request",
          "this server is not called '%s'; add it to http.allowed_hosts".formatted(host));
    }
    if (draining) {
      throw HttpException.unavailable("the server is stopping", Duration.ofSeconds(5))
          .header("Connection", "close");
    }
  }

  /**
   * Whether the body is compressed.
   *
   * @throws HttpException 415 for a content type or encoding the route does not read
   */
  static boolean isGzip(Request request, Route route) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (!route.accepts().isEmpty()
        && (type == null || !route.accepts().contains(MediaType.of(type)))) {
      throw HttpException.unsupportedMediaType(
          "%s cannot be read here; send %s"
              .formatted(
                  type == null ? "a body without Content-Type" : type,
                  String.join(" or ", route.accepts())));
    }
    String encoding = request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return false;
    }
    if (encoding.equalsIgnoreCase("gzip")) {
      return true;
    }
    throw HttpException.unsupportedMediaType(
            "Content-Encoding '%s' cannot be read; use gzip or none".formatted(encoding))
        .header("Accept-Encoding", "gzip");
  }
}
