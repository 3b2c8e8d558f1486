package dev.tributary.platform.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What a handler answers: a status, headers, and a body in memory or as a stream. Immutable. */
public final class Response {

  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final StreamBody stream;

  private Response(int status, Map<String, String> headers, byte[] body, StreamBody stream) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.stream = stream;
  }

  /** A JSON document written by Jackson: a map, list, record (in snake case) or node. */
  public static Response json(int status, Object value) {
    return bytes(status, MediaType.JSON, JSON.writeValueAsBytes(value));
  }

  public static Response text(int status, String text) {
    return bytes(status, MediaType.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The array is kept, not copied. */
  public static Response bytes(int status, String contentType, byte[] body) {
    return new Response(status, Map.of("Content-Type", contentType), body, null);
  }

  /** 204. */
  public static Response empty() {
    return new Response(204, Map.of(), new byte[0], null);
  }

  /**
   * 200 with a body that is produced and sent piece by piece; errors after the first piece can only
   * cut it short.
   */
  public static Response stream(String contentType, StreamBody body) {
    return new Response(
        200, Map.of("Content-Type", contentType, "Cache-Control", "no-cache"), null, body);
  }

  /** The same response with this header set. */
  public Response header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, body, stream);
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /** The body; empty for a stream. */
  public byte[] body() {
    return body == null ? new byte[0] : body;
  }

  StreamBody stream() {
    return stream;
  }
}
