package dev.tributary.app.http;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Talks JSON to a Tributary service. Thread-safe. */
public final class ServiceHttp implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final JsonMapper JSON = new JsonMapper();

  private final URI base;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /**
   * @param base such as {@code http://127.0.0.1:8083}, of the operator's choosing
   * @throws ConfigException if it is no HTTP address
   */
  public ServiceHttp(URI base) {
    if (base.getHost() == null || !SCHEMES.contains(base.getScheme())) {
      throw new ConfigException(
          base + ": is no HTTP address; write one such as http://127.0.0.1:8083");
    }
    this.base = base;
  }

  /**
   * @throws RetriableException if the service cannot be reached
   */
  public Reply get(String path) {
    return send(request(path).GET());
  }

  /**
   * @throws RetriableException if the service cannot be reached
   */
  public Reply post(String path, String contentType, String body) {
    return send(
        request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(ANSWER)
        .header("Accept", "application/json");
  }

  private Reply send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Reply(
          response.statusCode(),
          json(response.body()),
          response.headers().firstValue("Retry-After").map(ServiceHttp::seconds));
    } catch (IOException e) {
      throw new RetriableException(
          "%s cannot be reached (%s); is the service running, as 'tributary up' starts it?"
              .formatted(
                  base, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while waiting for " + base, e);
    }
  }

  private static JsonNode json(String body) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  private static int seconds(String retryAfter) {
    return retryAfter.matches("\\d{1,5}") ? Integer.parseInt(retryAfter) : 1;
  }

  @Override
  public void close() {
    client.close();
  }
}
