package dev.tributary.ingest.gateway;

import dev.tributary.ingest.topology.FeedbackStatus;
import dev.tributary.ingest.topology.FeedbackStatusQuery;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells where a feedback record stands, so that a wrong request id is noticed: {@code GET
 * /v1/feedback/{id}}.
 */
final class FeedbackStatusRoute {

  private final FeedbackStatusQuery query;

  FeedbackStatusRoute(FeedbackStatusQuery query) {
    this.query = query;
  }

  Route route() {
    return Route.get("/v1/feedback/{id}", this::find);
  }

  private Response find(Request request) {
    String id = request.pathParameter("id");
    FeedbackStatus status =
        query
            .find(id)
            .orElseThrow(
                () ->
                    HttpException.notFound(
                        "no feedback '%s' is known here: not sent, not yet processed, or too old"
                            .formatted(id)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", status.feedbackId());
    body.put("request_id", status.requestId());
    body.put("status", status.status().label());
    body.put("updated_at", status.updatedAt().toString());
    return Response.json(200, body);
  }
}
