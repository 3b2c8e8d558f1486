package dev.tributary.platform.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/** Writes errors in the shape the path's clients expect. */
final class ErrorBody {

  private static final String TYPE_PREFIX = "urn:tributary:error:";

  private ErrorBody() {}

  /**
   * @param path decoded or raw; only its first segments matter
   */
  static Response of(HttpException error, String path, String requestId) {
    Response response =
        ErrorStyle.of(path) == ErrorStyle.OPENAI ? openAi(error) : problem(error, requestId);
    for (Map.Entry<String, String> header : error.headers().entrySet()) {
      response = response.header(header.getKey(), header.getValue());
    }
    return response;
  }

  private static Response problem(HttpException error, String requestId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", TYPE_PREFIX + error.code());
    body.put("title", title(error.status()));
    body.put("status", error.status());
    body.put("detail", error.getMessage());
    body.put("code", error.code());
    body.put("request_id", requestId);
    if (!error.errors().isEmpty()) {
      body.put("errors", error.errors());
    }
    return Response.json(error.status(), body).header("Content-Type", MediaType.PROBLEM);
  }

  /**
   * OpenAI's clients know 400 for a bad parameter, and expect all four keys, null where there is
   * nothing to say.
   */
  private static Response openAi(HttpException error) {
    int status = error.status() == 422 ? 400 : error.status();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("message", error.getMessage());
    body.put("type", status >= 500 ? "server_error" : "invalid_request_error");
    body.put("param", parameter(error.errors()));
    body.put("code", error.code());
    return Response.json(status, Map.of("error", body));
  }

  /** {@code /messages/0/role} as {@code messages.0.role}; null when no field is to blame. */
  private static String parameter(List<FieldError> errors) {
    return errors.stream()
        .map(FieldError::pointer)
        .filter(pointer -> !pointer.isEmpty())
        .findFirst()
        .map(
            pointer -> pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~"))
        .orElse(null);
  }

  private static String title(int status) {
    HttpStatus.Code code = HttpStatus.getCode(status);
    return code == null ? "Error" : code.getMessage();
  }
}
