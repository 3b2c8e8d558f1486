package dev.tributary.ingest.gateway;

import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.ingest.trail.RecordTrail;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Tells where a record stands, and why it is not answered as told yet. */
final class TrailRoute {

  private final RecordKind kind;
  private final Function<String, Optional<RecordTrail>> trails;

  /**
   * @param trails finds a record by its id
   */
  TrailRoute(RecordKind kind, Function<String, Optional<RecordTrail>> trails) {
    this.kind = kind;
    this.trails = trails;
  }

  Route route(String path) {
    return Route.get(path + "/{id}", this::find);
  }

  private Response find(Request request) {
    String id = request.pathParameter("id");
    RecordTrail trail =
        trails
            .apply(id)
            .orElseThrow(
                () ->
                    HttpException.notFound(
                        "no %s '%s' is known here: not sent, not yet processed, or too old"
                            .formatted(kind.label(), id)));
    return Response.json(200, json(id, trail));
  }

  private Map<String, Object> json(String id, RecordTrail trail) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id);
    body.put("object", kind.label());
    body.put("adapter", trail.adapter());
    body.put("request_id", trail.requestId());
    body.put("status", trail.status().label());
    body.put("use", trail.heldOut() == null ? null : trail.heldOut() ? "held_out" : "trained_on");
    body.put("received_at", text(trail.receivedAt()));
    body.put("updated_at", text(trail.updatedAt()));
    body.put("example", example(trail.example()));
    body.put("trained", trained(trail.trained()));
    body.put("verdict", verdict(trail.verdict()));
    body.put("served", served(trail.served()));
    body.put("waits_for", trail.advice().waitsFor());
    body.put("what_to_do", trail.advice().whatToDo());
    return body;
  }

  private static Map<String, Object> example(RecordTrail.Example example) {
    return example == null
        ? null
        : fields("id", example.id(), "partition", example.partition(), "offset", example.offset());
  }

  private static Map<String, Object> trained(RecordTrail.Trained trained) {
    return trained == null
        ? null
        : fields("version", trained.version(), "step", trained.step(), "learnt", trained.learnt());
  }

  private static Map<String, Object> verdict(RecordTrail.Judged verdict) {
    return verdict == null
        ? null
        : fields(
            "version",
            verdict.version(),
            "verdict",
            verdict.verdict(),
            "reasons",
            verdict.reasons(),
            "at",
            text(verdict.at()));
  }

  private static Map<String, Object> served(RecordTrail.Served served) {
    return served == null
        ? null
        : fields("version", served.version(), "since", text(served.since()));
  }

  /** Names and values in turn; unlike those of {@code Map.of}, values may be null. */
  private static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
