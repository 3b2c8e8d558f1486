package dev.tributary.platform.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that are slow, fall silent or go away, and a server that stops. */
class HttpTimingTest {

  private static final String GET = "GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String POST_OF_1000_BYTES =
      "POST /post HTTP/1.1\r\n"
          + "Host: localhost\r\n"
          + "Content-Type: application/json\r\n"
          + "Content-Length: 1000\r\n\r\n";
  private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(2);

  private final AtomicInteger handled = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final AtomicReference<Exception> streamEnd = new AtomicReference<>();
  private final ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
  private HttpServer server;

  @BeforeEach
  void start() {
    server =
        HttpServer.builder(
                new HttpConfig(null, 0, null, null, 1L << 20, HEADER_TIMEOUT, IDLE_TIMEOUT, 1024))
            .route(Route.get("/quick", request -> count("quick")))
            .route(Route.post("/post", request -> count("posted")))
            .route(Route.get("/block", request -> block()))
            .route(Route.post("/hold", request -> block()))
            .route(
                Route.get(
                    "/stream", request -> Response.stream(MediaType.EVENT_STREAM, this::endless)))
            .start();
  }

  @AfterEach
  void stop() {
    release.countDown();
    drip.shutdownNow();
    server.close();
  }

  private Response count(String text) {
    handled.incrementAndGet();
    return Response.text(200, text);
  }

  private Response block() throws InterruptedException {
    blocked.countDown();
    release.await();
    return Response.text(200, "unblocked");
  }

  private void endless(StreamWriter writer) throws IOException {
    try {
      while (true) {
        writer.event("x".repeat(1000));
      }
    } catch (IOException e) {
      streamEnd.set(e);
      throw e;
    }
  }

  @Test
  void closesConnectionsWhoseHeadersTrickleIn() throws Exception {
    // Given a client that sends a byte of its headers now and then, so that the connection is never
    // idle
    long start = System.nanoTime();
    try (RawHttp client = new RawHttp(server.port())) {
      client.send("GET /quick HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
      drip.scheduleAtFixedRate(() -> sendQuietly(client, "x"), 100, 100, TimeUnit.MILLISECONDS);

      // Then it is cut off soon after the header timeout, without an answer from the route
      String answer = client.readToClose();
      assertFalse(answer.contains("200"), answer);
      assertTrue(elapsedMillis(start) < 5000, "cut off after " + elapsedMillis(start) + " ms");
      assertEquals(0, handled.get());
    }
  }

  @Test
  void closesSilentConnections() throws Exception {
    try (RawHttp silent = new RawHttp(server.port());
        RawHttp kept = new RawHttp(server.port())) {
      assertTrue(kept.send(GET.formatted("quick")).readSome().contains("200"));

      assertEquals("", silent.readToClose());
      kept.readToClose();
    }
  }

  @Test
  void refusesBodiesThatTrickleIn() throws Exception {
    try (RawHttp client = new RawHttp(server.port())) {
      client.send(POST_OF_1000_BYTES);
      drip.scheduleAtFixedRate(() -> sendQuietly(client, "x"), 100, 100, TimeUnit.MILLISECONDS);

      String answer = client.readToClose();
      assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
      assertEquals(0, handled.get());
    }
  }

  @Test
  void refusesBodiesThatStop() throws Exception {
    try (RawHttp client = new RawHttp(server.port())) {
      client.send(POST_OF_1000_BYTES + "{");

      String answer = client.readToClose();
      assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
      assertEquals(0, handled.get());
    }
  }

  @Test
  void doesNotHandleBodiesThatEndEarly() throws Exception {
    try (RawHttp client = new RawHttp(server.port())) {
      client.send(POST_OF_1000_BYTES + "{");
      client.endOutput();

      assertFalse(client.readToClose().startsWith("HTTP/1.1 200"));
      assertEquals(0, handled.get());
    }
  }

  @Test
  void letsHandlersWorkLongerThanTheIdleTimeout() throws Exception {
    try (RawHttp client = new RawHttp(server.port())) {
      client.send(GET.formatted("block"));
      drip.schedule(release::countDown, IDLE_TIMEOUT.toMillis() + 1500, TimeUnit.MILLISECONDS);

      assertTrue(client.readSome().contains("200"));
    }
  }

  @Test
  void endsStreamsWhoseClientWentAway() throws Exception {
    try (RawHttp client = new RawHttp(server.port())) {
      assertTrue(client.send(GET.formatted("stream")).readSome().contains("200"));
    }

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> streamEnd.get() instanceof ClientGoneException);
  }

  @Test
  void endsStreamsWhoseClientTakesNothing() throws Exception {
    try (RawHttp client = new RawHttp(server.port())) {
      assertTrue(client.send(GET.formatted("stream")).readSome().contains("200"));

      await()
          .atMost(IDLE_TIMEOUT.plusSeconds(5))
          .until(() -> streamEnd.get() instanceof ClientGoneException);
    }
  }

  @Test
  void drainsBeforeItStops() throws Exception {
    // Given a request under way
    try (RawHttp client = new RawHttp(server.port());
        RawHttp second = new RawHttp(server.port())) {
      client.send(GET.formatted("block"));
      assertTrue(blocked.await(5, TimeUnit.SECONDS));

      // When the server drains, then new requests are sent away
      server.drain();
      String answer = second.send(GET.formatted("quick")).readToClose();
      assertTrue(answer.startsWith("HTTP/1.1 503") && answer.contains("Retry-After: "), answer);

      // And the one under way is finished before the server has stopped
      drip.schedule(release::countDown, 300, TimeUnit.MILLISECONDS);
      server.close();
      assertTrue(client.readSome().contains("200"));
    }
  }

  @Test
  void stopsWithinFiveSecondsWhateverIsUnderWay() throws Exception {
    try (RawHttp blocking = new RawHttp(server.port());
        RawHttp streaming = new RawHttp(server.port())) {
      blocking.send(GET.formatted("block"));
      assertTrue(streaming.send(GET.formatted("stream")).readSome().contains("200"));
      assertTrue(blocked.await(5, TimeUnit.SECONDS));

      long start = System.nanoTime();
      server.close();
      server.close();

      assertTrue(elapsedMillis(start) < 5000, "stopped after " + elapsedMillis(start) + " ms");
    }
  }

  @Test
  void refusesBodiesBeyondTheMemoryOfAllRequests() throws Exception {
    // Given a request at work whose body takes most of the shared 1 MiB
    String head =
        "POST /%s HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: 1000000\r\n\r\n";
    String body = "x".repeat(1_000_000);
    try (RawHttp first = new RawHttp(server.port());
        RawHttp second = new RawHttp(server.port())) {
      first.send(head.formatted("hold") + body);
      assertTrue(blocked.await(5, TimeUnit.SECONDS));

      // When another of that size comes, then it is sent away for now
      String answer = second.send(head.formatted("post") + body).readToClose();
      assertTrue(answer.startsWith("HTTP/1.1 503") && answer.contains("Retry-After: "), answer);

      // And the memory is free again once the first is answered
      release.countDown();
      assertTrue(first.readSome().contains("200"));
      try (RawHttp third = new RawHttp(server.port())) {
        assertTrue(third.send(head.formatted("post") + body).readSome().contains("200"));
      }
    }
  }

  @Test
  void letsConnectionsBeyondTheLimitWait() throws Exception {
    try (HttpServer small =
            HttpServer.builder(new HttpConfig(null, 0, null, 2, null, null, null, null))
                .route(Route.get("/quick", request -> count("quick")))
                .start();
        RawHttp first = new RawHttp(small.port());
        RawHttp second = new RawHttp(small.port())) {
      // Given as many connections as are allowed
      assertTrue(first.send(GET.formatted("quick")).readSome().contains("200"));
      assertTrue(second.send(GET.formatted("quick")).readSome().contains("200"));

      // When a request comes on one more, then it is answered once another has gone
      try (RawHttp third = new RawHttp(small.port())) {
        third.send(GET.formatted("quick"));
        drip.schedule(() -> closeQuietly(first), 500, TimeUnit.MILLISECONDS);
        long start = System.nanoTime();
        assertTrue(third.readSome().contains("200"));
        assertTrue(elapsedMillis(start) >= 300, "answered after " + elapsedMillis(start) + " ms");
      }
    }
  }

  private static void closeQuietly(RawHttp client) {
    try {
      client.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void sendQuietly(RawHttp client, String text) {
    try {
      client.send(text);
    } catch (IOException e) {
      // The server has closed the connection, which is what the test waits for.
    }
  }

  private static long elapsedMillis(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
