package dev.tributary.platform.http;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One request, completely read: its body is within the route's limit, decompressed, and in memory.
 * Immutable.
 */
public final class Request {

  private final String method;
  private final String path;
  private final Map<String, String> pathParameters;
  private final Map<String, String> query;
  private final Map<String, String> headers;
  private final byte[] body;
  private final String requestId;

  Request(
      String method,
      String path,
      Map<String, String> pathParameters,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body,
      String requestId) {
    this.method = method;
    this.path = path;
    this.pathParameters = pathParameters;
    this.query = query;
    this.headers = headers;
    this.body = body;
    this.requestId = requestId;
  }

  public String method() {
    return method;
  }

  /** Decoded path without the query, such as {@code /v1/feedback/f-1}. */
  public String path() {
    return path;
  }

  /**
   * Decoded value of a {@code {name}} in the route's pattern; never empty.
   *
   * @throws IllegalArgumentException when the pattern has no such name: a programming error
   */
  public String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no path parameter " + name);
    }
    return value;
  }

  /** First value of a query parameter, decoded. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** First value of a header; names are compared without case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The body, decompressed; empty when there is none. Not to be changed. */
  public byte[] body() {
    return body;
  }

  /** Media type in lower case without parameters, such as {@code application/json}. */
  public Optional<String> contentType() {
    return header("Content-Type").map(MediaType::of);
  }

  /**
   * Id of this request: the client's {@code X-Request-Id} where it sent a usable one, else a fresh
   * one. Echoed.
   */
  public String requestId() {
    return requestId;
  }

  /**
   * The body as one JSON document.
   *
   * @throws HttpException 400 with the position when it is not strict JSON; see {@link StrictJson}
   */
  public JsonNode json() {
    return StrictJson.parse(body);
  }

  /**
   * The body as one JSON object, field by field.
   *
   * @throws HttpException 400 when it is not strict JSON, 422 when it is not an object
   */
  public JsonFields fields() {
    return StrictJson.fields(body);
  }
}
