package dev.tributary.app.demo;

import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Speaks to a running Tributary as any program of a user would: over HTTP only. Thread-safe. */
public final class ServiceClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Endpoints endpoints;
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();

  public ServiceClient(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * An answer of the server.
   *
   * @param requestId the completion's id, under which feedback names it
   * @param model the version that answered
   */
  public record Answer(String requestId, String model, String text) {}

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
    String body = records.stream().map(ObjectNode::toString).collect(Collectors.joining("\n"));
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(endpoints.ingest().resolve(path))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body)));
    if (response.statusCode() != 202) {
      throw new IllegalStateException(
          path + " answered " + response.statusCode() + ": " + response.body());
    }
  }

  /** Asks a question, greedily, so that the same model gives the same answer. */
  public Answer ask(String model, String question) {
    ObjectNode request = json.createObjectNode().put("model", model).put("temperature", 0);
    request.put("max_tokens", 64);
    request.putArray("messages").addObject().put("role", "user").put("content", question);
    JsonNode answer =
        parse(
            send(
                HttpRequest.newBuilder(endpoints.serve().resolve("/v1/chat/completions"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(request.toString()))));
    return new Answer(
        answer.path("id").asString(),
        answer.path("model").asString(),
        answer.path("choices").path(0).path("message").path("content").asString());
  }

  /** What the trainer is doing, per adapter. */
  public JsonNode trainerStatus() {
    return get(endpoints.trainer().resolve("/v1/status"));
  }

  /** The registry's lines of an adapter, newest state of each version. */
  public JsonNode adapter(String dotted) {
    return get(endpoints.evaluator().resolve("/v1/adapters/" + dotted));
  }

  /** Whether the evaluator knows the adapter yet. */
  public boolean knows(String dotted) {
    return send(HttpRequest.newBuilder(endpoints.evaluator().resolve("/v1/adapters/" + dotted)))
            .statusCode()
        == 200;
  }

  private JsonNode get(URI uri) {
    return parse(send(HttpRequest.newBuilder(uri)));
  }

  private JsonNode parse(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          response.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
    return json.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    HttpRequest built = request.timeout(PATIENCE).build();
    try {
      return http.send(built, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new RetriableException(built.uri() + " could not be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while waiting for " + built.uri(), e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
