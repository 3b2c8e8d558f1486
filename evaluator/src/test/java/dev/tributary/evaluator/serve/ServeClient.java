package dev.tributary.evaluator.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a server over HTTP and checks what every answer must be. */
final class ServeClient {

  private static final ObjectMapper JSON = JsonMapper.shared();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI root;

  ServeClient(int port) {
    this.root = URI.create("http://127.0.0.1:" + port);
  }

  static String chatBody(String model, String question, int maxTokens) {
    return JSON.writeValueAsString(
        Map.of(
            "model",
            model,
            "messages",
            java.util.List.of(Map.of("role", "user", "content", question)),
            "max_tokens",
            maxTokens,
            "temperature",
            0));
  }

  int port() {
    return root.getPort();
  }

  JsonNode chat(String model, String question, int maxTokens) {
    return post("/v1/chat/completions", chatBody(model, question, maxTokens));
  }

  String text(JsonNode chat) {
    return chat.at("/choices/0/message/content").asString();
  }

  JsonNode post(String path, String body) {
    return expect(200, send(post(path).method("POST", BodyPublishers.ofString(body)).build()));
  }

  /** The id of an answer to a request that names its adapter and itself in headers. */
  String completionWithHeaders(String model, String prompt, String adapter, String requestId) {
    String body = JSON.writeValueAsString(Map.of("model", model, "prompt", prompt));
    HttpRequest request =
        post("/v1/completions")
            .header("X-Tributary-Adapter", adapter)
            .header("X-Request-Id", requestId)
            .method("POST", BodyPublishers.ofString(body))
            .build();
    return expect(200, send(request)).path("id").asString();
  }

  JsonNode get(String path) {
    return expect(200, send(HttpRequest.newBuilder(root.resolve(path)).build()));
  }

  /** The error object of a refusal, whose four members are all there. */
  JsonNode refused(int status, String path, String body) {
    HttpResponse<String> response =
        send(post(path).method("POST", BodyPublishers.ofString(body)).build());
    JsonNode error = expect(status, response).path("error");
    for (String member : Set.of("message", "type", "param", "code")) {
      assertTrue(error.has(member), () -> member + " is missing: " + response.body());
    }
    if (status == 429 || status == 503) {
      assertTrue(response.headers().firstValue("Retry-After").isPresent());
    }
    return error;
  }

  CompletableFuture<Integer> status(String path, String body) {
    return http.sendAsync(
            post(path).method("POST", BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString())
        .thenApply(HttpResponse::statusCode);
  }

  /** The raw events of a stream. */
  String stream(String path, String body) {
    HttpResponse<String> response =
        send(post(path).method("POST", BodyPublishers.ofString(body)).build());
    assertEquals(200, response.statusCode(), response.body());
    assertEquals(
        "text/event-stream; charset=utf-8",
        response.headers().firstValue("Content-Type").orElseThrow());
    return response.body();
  }

  /** Reads a whole chat stream and returns the one model that all its pieces name. */
  String streamedModel(String model, String question, int maxTokens) {
    String body = chatBody(model, question, maxTokens).replaceFirst("\\{", "{\"stream\":true,");
    String wire = stream("/v1/chat/completions", body);
    assertTrue(wire.endsWith("data: [DONE]\n\n"), wire);
    Set<String> models = new HashSet<>();
    for (String event : wire.split("\n\n")) {
      if (!event.equals("data: [DONE]")) {
        models.add(JSON.readTree(event.substring("data: ".length())).path("model").asString());
      }
    }
    assertEquals(1, models.size(), models::toString);
    return models.iterator().next();
  }

  String metrics() {
    return send(HttpRequest.newBuilder(root.resolve("/metrics")).build()).body();
  }

  String health() {
    return send(HttpRequest.newBuilder(root.resolve("/health/ready")).build()).body();
  }

  private HttpRequest.Builder post(String path) {
    return HttpRequest.newBuilder(root.resolve(path)).header("Content-Type", "application/json");
  }

  private static JsonNode expect(int status, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(request + " failed", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
