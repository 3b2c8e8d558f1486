package dev.tributary.platform.http;

import java.util.Set;

/**
 * One method and path pattern, and who answers it.
 *
 * @param method in upper case
 * @param pattern literal segments and {@code {name}} segments, such as {@code /v1/feedback/{id}}
 * @param handler who answers
 * @param accepts media types it reads; a request with a body of another type is answered 415
 * @param maxBodyBytes limit of the decompressed body; 0 when it takes none
 */
public record Route(
    String method, String pattern, Handler handler, Set<String> accepts, int maxBodyBytes) {

  /** Limit of a body that is a single record or request. */
  public static final int ONE_MEBIBYTE = 1 << 20;

  public Route {
    accepts = Set.copyOf(accepts);
    if (!pattern.startsWith("/")) {
      throw new IllegalArgumentException("a route's pattern starts with a slash: " + pattern);
    }
  }

  public static Route get(String pattern, Handler handler) {
    return new Route("GET", pattern, handler, Set.of(), 0);
  }

  public static Route delete(String pattern, Handler handler) {
    return new Route("DELETE", pattern, handler, Set.of(), 0);
  }

  /** Takes one JSON document of at most 1 MiB. */
  public static Route post(String pattern, Handler handler) {
    return new Route("POST", pattern, handler, Set.of(MediaType.JSON), ONE_MEBIBYTE);
  }

  /** The same route reading these media types instead. */
  public Route accepting(String... mediaTypes) {
    return new Route(method, pattern, handler, Set.of(mediaTypes), maxBodyBytes);
  }

  /** The same route with another limit for the decompressed body. */
  public Route maxBody(int bytes) {
    return new Route(method, pattern, handler, accepts, bytes);
  }
}
