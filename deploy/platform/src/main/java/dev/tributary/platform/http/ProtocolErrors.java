package dev.tributary.platform.http;

import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what Jetty itself refuses before a handler sees it: broken framing, oversized headers,
 * bad URIs. Such a connection is always closed, since nobody can tell where the next request on it
 * would begin.
 */
final class ProtocolErrors implements Request.Handler {

  private static final Logger LOG = LoggerFactory.getLogger(ProtocolErrors.class);

  @Override
  public boolean handle(
      Request request, org.eclipse.jetty.server.Response response, Callback callback)
      throws Exception {
    int status = status(request, response);
    String requestId = UUID.randomUUID().toString();
    Object cause = request.getAttribute(ErrorHandler.ERROR_EXCEPTION);
    if (status == 500 && cause instanceof Throwable failure) {
      LOG.error("request {} failed outside its handler", requestId, failure);
    }
    String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
    HttpException error =
        new HttpException(status, code(status), message(request, status))
            .header("Connection", "close");
    ResponseWriter.send(ErrorBody.of(error, path, requestId), response, callback);
    return true;
  }

  private static int status(Request request, org.eclipse.jetty.server.Response response) {
    return request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer status
        ? status
        : response.getStatus() >= 400 ? response.getStatus() : 500;
  }

  private static String code(int status) {
    return switch (status) {
      case 408 -> "request_timeout";
      case 414, 431 -> "headers_too_large";
      case 505 -> "http_version_not_supported";
      default -> status >= 500 ? "internal_error" : "invalid_request";
    };
  }

  private static String message(Request request, int status) {
    Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    return status >= 500 && status != 505 || message == null
        ? HttpStatus.getMessage(status)
        : "the request cannot be read: " + message;
  }
}
