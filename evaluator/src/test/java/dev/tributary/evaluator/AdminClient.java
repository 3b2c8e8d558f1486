package dev.tributary.evaluator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to the evaluator as an operator does. */
final class AdminClient {

  private final HttpClient http = HttpClient.newHttpClient();
  private final String root;

  AdminClient(int port) {
    this.root = "http://127.0.0.1:" + port;
  }

  /** An answer: its status and its JSON, or text as a JSON string. */
  record Answer(int status, String contentType, JsonNode body) {}

  Answer get(String path) {
    return send(HttpRequest.newBuilder(URI.create(root + path)).GET());
  }

  Answer post(String path, String json) {
    return send(
        HttpRequest.newBuilder(URI.create(root + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonMapper json = JsonMapper.shared();
      return new Answer(
          response.statusCode(),
          type,
          type.contains("json")
              ? json.readTree(response.body())
              : json.valueToTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
