package dev.tributary.app.http;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Speaks to a running Tributary as a user's own programs would: over HTTP only. Thread-safe. */
public final class TributaryClient implements AutoCloseable {

  private static final String JSON = "application/json";
  private static final String JSON_LINES = "application/x-ndjson";
  private static final int LINES_A_REQUEST = 250;

  private final ServiceHttp ingest;
  private final ServiceHttp trainer;
  private final ServiceHttp evaluator;
  private final ServiceHttp serve;
  private final JsonMapper json = new JsonMapper();

  public TributaryClient(Endpoints endpoints) {
    this.ingest = new ServiceHttp(endpoints.ingest());
    this.trainer = new ServiceHttp(endpoints.trainer());
    this.evaluator = new ServiceHttp(endpoints.evaluator());
    this.serve = new ServiceHttp(endpoints.serve());
  }

  /**
   * An answer of the server.
   *
   * @param requestId the completion's id, under which feedback names it
   * @param model the version that answered
   */
  public record Answer(String requestId, String model, String text) {}

  /** An empty JSON object to fill. */
  public ObjectNode object() {
    return json.createObjectNode();
  }

  /** Sends instruction records; returns when the broker has acknowledged them all. */
  public void sendInstructions(List<ObjectNode> records) {
    sendLines("/v1/instructions", records);
  }

  /** Sends feedback records; returns when the broker has acknowledged them all. */
  public void sendFeedback(List<ObjectNode> records) {
    sendLines("/v1/feedback", records);
  }

  private void sendLines(String path, List<ObjectNode> records) {
    for (int from = 0; from < records.size(); from += LINES_A_REQUEST) {
      sendRequest(path, records.subList(from, Math.min(records.size(), from + LINES_A_REQUEST)));
    }
  }

  private void sendRequest(String path, List<ObjectNode> records) {
    String body = records.stream().map(ObjectNode::toString).collect(Collectors.joining("\n"));
    Reply reply = ingest.post(path, JSON_LINES, body);
    if (reply.status() != 202) {
      throw new IllegalStateException(path + " was not accepted: " + reply.complaint());
    }
  }

  /** Asks a question, greedily, so that the same model gives the same answer. */
  public Answer ask(String model, String question) {
    ObjectNode request = object().put("model", model).put("temperature", 0).put("max_tokens", 64);
    request.putArray("messages").addObject().put("role", "user").put("content", question);
    JsonNode answer = body(serve.post("/v1/chat/completions", JSON, request.toString()));
    return new Answer(
        answer.path("id").asString(),
        answer.path("model").asString(),
        answer.at("/choices/0/message/content").asString());
  }

  /** What the trainer says of an adapter, {@code tenant/domain}; empty before its first record. */
  public Optional<JsonNode> training(String adapter) {
    for (JsonNode status : body(trainer.get("/v1/status")).path("data")) {
      if (status.path("adapter").asString().equals(adapter)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /**
   * What the evaluator knows of an adapter, {@code tenant.domain}; empty before its first version.
   */
  public Optional<JsonNode> registry(String dotted) {
    Reply reply = evaluator.get("/v1/adapters/" + dotted);
    return reply.status() == 404 ? Optional.empty() : Optional.of(body(reply));
  }

  /** What happened to an adapter's versions, newest first, at most the last 100 events. */
  public JsonNode history(String dotted) {
    return body(evaluator.get("/v1/adapters/" + dotted + "/history?limit=100")).path("data");
  }

  private static JsonNode body(Reply reply) {
    if (reply.status() != 200) {
      throw new IllegalStateException(reply.complaint());
    }
    return reply.body();
  }

  @Override
  public void close() {
    ingest.close();
    trainer.close();
    evaluator.close();
    serve.close();
  }
}
