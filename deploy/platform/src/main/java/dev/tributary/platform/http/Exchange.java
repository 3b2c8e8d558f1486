package dev.tributary.platform.http;

import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from Jetty through gate, router and body reader to their handler, and the answer
 * back.
 */
final class Exchange extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private static final Duration LINGER = Duration.ofSeconds(1);

  private final RequestGate gate;
  private final Router router;
  private final BodyBudget budget;
  private final BodyReader bodies;
  private final ConnectionDeadlines deadlines;
  private final InFlight inFlight;

  Exchange(
      RequestGate gate,
      Router router,
      BodyBudget budget,
      BodyReader bodies,
      ConnectionDeadlines deadlines,
      InFlight inFlight) {
    this.gate = gate;
    this.router = router;
    this.budget = budget;
    this.bodies = bodies;
    this.deadlines = deadlines;
    this.inFlight = inFlight;
  }

  @Override
  public boolean handle(
      org.eclipse.jetty.server.Request request,
      org.eclipse.jetty.server.Response response,
      Callback callback) {
    Connection connection = request.getConnectionMetaData().getConnection();
    deadlines.requestArrived(connection);
    inFlight.begin();
    Callback done =
        Callback.from(
            callback,
            () -> {
              deadlines.responseSent(connection);
              inFlight.end();
            });
    String requestId = requestId(request.getHeaders().get("X-Request-Id"));
    response.getHeaders().put("X-Request-Id", requestId);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    answer(request, response, done, requestId);
    return true;
  }

  private void answer(
      org.eclipse.jetty.server.Request request,
      org.eclipse.jetty.server.Response response,
      Callback done,
      String requestId) {
    try {
      ResponseWriter.send(respond(request, requestId), response, done);
    } catch (ClientGoneException e) {
      LOG.debug("request {}: {}", requestId, e.getMessage());
      done.failed(e);
    } catch (Exception e) {
      if (response.isCommitted()) {
        LOG.error("request {} failed after its response had begun", requestId, e);
        done.failed(e);
        return;
      }
      sendError(request, response, done, requestId, asHttp(e, requestId));
    }
  }

  private Response respond(org.eclipse.jetty.server.Request request, String requestId)
      throws Exception {
    gate.check(request);
    RequestPath path = RequestPath.parse(request.getHttpURI().getPath());
    Router.Match match = router.match(request.getMethod(), path);
    boolean gzip = RequestGate.isGzip(request, match.route());
    int limit = match.route().maxBodyBytes();
    try (BodyBudget.Lease lease = budget.lease()) {
      byte[] sent = bodies.read(request, limit, lease);
      byte[] body = gzip ? Gunzip.decompress(sent, limit, budget, lease) : sent;
      // From here on silence on the connection is ours: the handler is working.
      request.addIdleTimeoutListener(timeout -> false);
      return match
          .route()
          .handler()
          .handle(
              new Request(
                  request.getMethod(),
                  path.toString(),
                  match.parameters(),
                  query(request),
                  headers(request),
                  body,
                  requestId));
    }
  }

  private static HttpException asHttp(Exception error, String requestId) {
    return switch (error) {
      case HttpException http -> http;
      case RetriableException retriable ->
          HttpException.unavailable(retriable.getMessage(), Duration.ofSeconds(1));
      case InterruptedException stopping ->
          HttpException.unavailable("the server is stopping", Duration.ofSeconds(5));
      default -> {
        LOG.error("request {} failed", requestId, error);
        yield new HttpException(
            500,
            "internal_error",
            "an internal error; the log has it under request id " + requestId);
      }
    };
  }

  private static void sendError(
      org.eclipse.jetty.server.Request request,
      org.eclipse.jetty.server.Response response,
      Callback done,
      String requestId,
      HttpException error) {
    try {
      Response answer = ErrorBody.of(error, request.getHttpURI().getPath(), requestId);
      if (error.status() != 408 && BodyReader.discard(request, Duration.ZERO)) {
        ResponseWriter.send(answer, response, done);
        return;
      }
      // What is left of the body must not be taken for the next request.
      try (Blocker.Callback sent = Blocker.callback()) {
        ResponseWriter.send(answer.header("Connection", "close"), response, sent);
        sent.block();
      }
      if (error.status() != 408) {
        BodyReader.discard(request, LINGER);
      }
      done.succeeded();
    } catch (Exception e) {
      done.failed(e);
    }
  }

  private static String requestId(String sent) {
    return sent != null && REQUEST_ID.matcher(sent).matches() ? sent : UUID.randomUUID().toString();
  }

  private static Map<String, String> query(org.eclipse.jetty.server.Request request) {
    Map<String, String> query = new LinkedHashMap<>();
    try {
      for (Fields.Field field : org.eclipse.jetty.server.Request.extractQueryParameters(request)) {
        query.put(field.getName(), field.getValue());
      }
    } catch (RuntimeException e) {
      throw HttpException.badRequest(
          "invalid_query", "the query cannot be decoded: " + e.getMessage());
    }
    return query;
  }

  private static Map<String, String> headers(org.eclipse.jetty.server.Request request) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.getHeaders().forEach(field -> headers.putIfAbsent(field.getName(), field.getValue()));
    return headers;
  }
}
