package dev.tributary.ingest;

import static dev.tributary.ingest.IngestFixture.LIMIT;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway while its broker is killed and comes back. */
class BrokerOutageIT {

  private static final String INTERACTIONS = "/v1/interactions";

  @TempDir Path directory;

  @Test
  void meansSlowDownThenTryAgainAndLosesNothingAcknowledged() throws Exception {
    try (IngestFixture fixture = IngestFixture.start(directory);
        ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
      // Given some acknowledged records, and a broker that is then killed
      Set<String> acknowledged = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        assertEquals(202, fixture.json(INTERACTIONS, interaction("a" + i)).statusCode());
        acknowledged.add("a" + i);
      }
      fixture.killBroker();

      // When as many records wait for it as may, then the next is told to slow down
      String four =
          IntStream.range(0, 4)
              .mapToObj(i -> interaction("b" + i))
              .collect(Collectors.joining("\n"));
      CompletableFuture<HttpResponse<String>> waiting = new CompletableFuture<>();
      background.submit(() -> waiting.complete(fixture.ndjson(INTERACTIONS, four)));
      await()
          .atMost(LIMIT)
          .until(() -> fixture.json(INTERACTIONS, interaction("c")).statusCode() == 429);

      // And those that waited in vain are told so, and the service is not ready but alive
      HttpResponse<String> inVain = waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertEquals(503, inVain.statusCode(), inVain.body());
      assertTrue(inVain.headers().firstValue("Retry-After").isPresent());
      await().atMost(LIMIT).until(() -> fixture.get("/health/ready").statusCode() == 503);
      assertEquals(200, fixture.get("/health/live").statusCode());

      // And when it is back, records are taken again, and every acknowledged one is there
      fixture.restartBroker();
      await()
          .atMost(LIMIT)
          .until(() -> fixture.json(INTERACTIONS, interaction("d")).statusCode() == 202);
      acknowledged.add("d");
      Set<String> stored = new HashSet<>(fixture.keys("tributary.interactions"));
      assertTrue(stored.containsAll(acknowledged), stored + " lacks some of " + acknowledged);
      await().atMost(LIMIT).until(() -> fixture.get("/health/ready").statusCode() == 200);
    }
  }

  private static String interaction(String id) {
    return "{\"request_id\":\"%s\",\"adapter\":\"acme/support\",\"prompt\":\"How long?\",\"completion\":\"14 days.\"}"
        .formatted(id);
  }
}
