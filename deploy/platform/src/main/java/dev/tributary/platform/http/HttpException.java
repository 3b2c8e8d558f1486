package dev.tributary.platform.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request that is answered with an error. The server writes it as RFC 9457 {@code
 * application/problem+json}, and as OpenAI's error object on OpenAI's paths, where a 422 becomes
 * the 400 OpenAI's clients expect, naming {@code param}.
 */
public final class HttpException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient List<FieldError> errors;
  private final transient Map<String, String> headers;

  /**
   * @param status 400 to 599
   * @param code stable code in snake case, such as {@code invalid_json}; becomes {@code code} and
   *     the end of {@code type}
   * @param message one sentence: what is wrong and what to do
   * @param errors one entry per bad field; may be empty
   * @param headers added to the response
   */
  public HttpException(
      int status,
      String code,
      String message,
      List<FieldError> errors,
      Map<String, String> headers) {
    super(message, null, false, false); // an answer, not a fault: no stack trace to fill
    this.status = status;
    this.code = code;
    this.errors = List.copyOf(errors);
    this.headers = Map.copyOf(headers);
  }

  public HttpException(int status, String code, String message) {
    this(status, code, message, List.of(), Map.of());
  }

  /** 400: the bytes are not what the protocol asks for. */
  public static HttpException badRequest(String code, String message) {
    return new HttpException(400, code, message);
  }

  /** 404: no such resource. */
  public static HttpException notFound(String message) {
    return new HttpException(404, "not_found", message);
  }

  /** 409: the resource is in another state. */
  public static HttpException conflict(String code, String message) {
    return new HttpException(409, code, message);
  }

  /** 413: more bytes than allowed. */
  public static HttpException tooLarge(String message) {
    return new HttpException(413, "content_too_large", message);
  }

  /** 415: a content type or encoding this route does not read. */
  public static HttpException unsupportedMediaType(String message) {
    return new HttpException(415, "unsupported_media_type", message);
  }

  /** 422: well-formed JSON whose fields cannot be used. */
  public static HttpException unprocessable(List<FieldError> errors) {
    String message =
        errors.size() == 1 ? describe(errors.getFirst()) : errors.size() + " fields cannot be used";
    return new HttpException(422, "invalid_field", message, errors, Map.of());
  }

  /** 422 for a single field. */
  public static HttpException unprocessable(String pointer, String detail) {
    return unprocessable(List.of(new FieldError(pointer, detail)));
  }

  /** 429: slow down and send again. */
  public static HttpException tooManyRequests(String message, Duration retryAfter) {
    return new HttpException(429, "too_many_requests", message, List.of(), retryAfter(retryAfter));
  }

  /** 503: not now; send again. */
  public static HttpException unavailable(String message, Duration retryAfter) {
    return new HttpException(503, "unavailable", message, List.of(), retryAfter(retryAfter));
  }

  private static Map<String, String> retryAfter(Duration wait) {
    return Map.of("Retry-After", Long.toString(Math.max(1, wait.toSeconds())));
  }

  private static String describe(FieldError error) {
    return error.pointer().isEmpty() ? error.detail() : error.pointer() + ": " + error.detail();
  }

  /** The same error with one more response header. */
  public HttpException header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpException(status, code, getMessage(), errors, more);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public List<FieldError> errors() {
    return errors;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
