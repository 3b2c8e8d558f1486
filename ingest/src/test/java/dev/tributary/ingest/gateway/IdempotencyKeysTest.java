package dev.tributary.ingest.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.platform.http.Handler;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<Handler> handler = new AtomicReference<>(request -> count(202));
  private final IdempotencyKeys keys = new IdempotencyKeys(2, Duration.ofMinutes(1), clock());
  private final HttpServer server =
      HttpServer.builder(HttpConfig.onPort(0))
          .route(Route.post("/x", keys.around(request -> handler.get().handle(request))))
          .start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private Response count(int status) {
    return Response.json(status, calls.incrementAndGet());
  }

  @Test
  void forgetsTheOldestBeyondItsSize() throws Exception {
    post("a", "1");
    post("b", "1");
    post("c", "1");

    assertEquals("3", post("c", "1").body());
    assertEquals("2", post("b", "1").body());
    assertEquals("4", post("a", "1").body());
  }

  @Test
  void boundsTheMemoryOfAnswers() throws Exception {
    // Given an answer as large as all may be together
    handler.set(
        request -> {
          calls.incrementAndGet();
          return Response.bytes(202, "application/json", new byte[32 << 20]);
        });
    post("a", "1");
    post("a", "1");
    assertEquals(1, calls.get());

    // When another of that size is kept, then the first is forgotten
    post("b", "1");
    post("b", "1");
    assertEquals(2, calls.get());
    post("a", "1");
    assertEquals(3, calls.get());
  }

  @Test
  void forgetsWithTime() throws Exception {
    post("a", "1");
    now.set(Instant.EPOCH.plusSeconds(59));
    assertEquals("1", post("a", "1").body());
    now.set(Instant.EPOCH.plusSeconds(61));
    assertEquals("2", post("a", "1").body());
  }

  @Test
  void letsFailedRequestsBeRepeated() throws Exception {
    handler.set(request -> fail());
    assertEquals(500, post("a", "1").statusCode());
    handler.set(request -> count(202));

    assertEquals(202, post("a", "1").statusCode());
  }

  private static Response fail() {
    throw new IllegalStateException("on purpose");
  }

  @Test
  void answers409WhileTheFirstIsAtWork() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    handler.set(
        request -> {
          started.countDown();
          go.await();
          return count(202);
        });
    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(request("a", "1"), HttpResponse.BodyHandlers.ofString());
    assertTrue(started.await(5, TimeUnit.SECONDS));

    HttpResponse<String> second = post("a", "1");

    assertEquals(409, second.statusCode());
    assertEquals("1", second.headers().firstValue("Retry-After").orElseThrow());
    assertEquals(422, post("a", "2").statusCode());
    go.countDown();
    assertEquals(202, first.get(5, TimeUnit.SECONDS).statusCode());
    assertEquals("1", post("a", "1").body());
  }

  private HttpResponse<String> post(String key, String body) throws Exception {
    return client.send(request(key, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String key, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/x"))
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }
}
