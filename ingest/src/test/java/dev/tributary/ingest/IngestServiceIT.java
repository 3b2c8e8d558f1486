package dev.tributary.ingest;

import static dev.tributary.ingest.IngestFixture.LIMIT;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.kafka.KafkaSettings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The ingest service against a real broker, which all tests share: each uses ids of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IngestServiceIT {

  private static final String INTERACTION =
      "{\"request_id\":\"%s\",\"adapter\":\"acme/support\",\"prompt\":\"How"
          + " long?\",\"completion\":\"14 days.\"}";
  private static final String CORRECTION =
      "{\"id\":\"%s\",\"request_id\":\"%s\",\"kind\":\"correction\",\"correction\":\"30"
          + " days.\",\"source\":\"agent\"}";

  private Path directory;
  private IngestFixture fixture;

  @BeforeAll
  void start(@TempDir Path temporary) {
    directory = temporary;
    fixture = IngestFixture.start(directory);
  }

  @AfterAll
  void stop() {
    fixture.close();
  }

  @Test
  void whatIsAnswered202IsInTheTopicAndBecomesAnExample() throws Exception {
    // Given an interaction and a correction of it
    assertEquals(202, fixture.json("/v1/interactions", INTERACTION.formatted("r1")).statusCode());
    assertTrue(fixture.keys("tributary.interactions").contains("r1"));
    assertEquals(202, fixture.json("/v1/feedback", CORRECTION.formatted("f1", "r1")).statusCode());
    assertTrue(fixture.keys("tributary.feedback").contains("r1"));

    // Then it is joined and there is an example, which its trail tells
    await()
        .atMost(LIMIT)
        .until(() -> fixture.get("/v1/feedback/f1").body().contains("\"use\":\"trained_on\""));
    assertTrue(fixture.get("/v1/feedback/f1").body().contains("\"status\":\"queued\""));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                fixture.keys("tributary.examples").size() + fixture.keys("tributary.heldout").size()
                    == 1);

    // And feedback on a request nobody knows waits, and is unmatched in the end
    assertEquals(
        202, fixture.json("/v1/feedback", CORRECTION.formatted("f2", "nobody")).statusCode());
    await()
        .atMost(LIMIT)
        .until(() -> fixture.get("/v1/feedback/f2").body().contains("\"status\":\"unmatched\""));

    // And what a user says waits for a second one
    assertEquals(
        202,
        fixture
            .json(
                "/v1/instructions",
                "{\"id\":\"i1\",\"adapter\":\"acme/support\",\"prompt\":\"How"
                    + " much?\",\"completion\":\"4"
                    + " euros.\",\"source\":\"user\",\"author_id\":\"anna\"}")
            .statusCode());
    await()
        .atMost(LIMIT)
        .until(() -> fixture.get("/v1/instructions/i1").body().contains("1 of 2 voices"));

    // And the meters say so
    String metrics = fixture.get("/metrics").body();
    for (String meter :
        List.of(
            "tributary_ingest_records_total{kind=\"feedback\",outcome=\"accepted\"}",
            "kafka_producer_record_send_total{",
            "kafka_stream_thread_",
            "jvm_memory_used_bytes{")) {
      assertTrue(metrics.contains(meter), "missing: " + meter);
    }
    assertEquals(200, fixture.get("/health/ready").statusCode());
    assertEquals(200, fixture.get("/health/live").statusCode());
  }

  @Test
  void theGoodLinesOfABatchAreInTheTopic() throws Exception {
    String lines =
        String.join("\n", CORRECTION.formatted("g1", "b1"), "{}", CORRECTION.formatted("g2", "b2"));

    HttpResponse<String> answer = fixture.ndjson("/v1/feedback", lines);

    assertEquals(207, answer.statusCode(), answer.body());
    assertEquals(
        2, JsonMapper.shared().readTree(answer.body()).get("errors").get(0).get("line").intValue());
    assertTrue(fixture.keys("tributary.feedback").containsAll(List.of("b1", "b2")));
  }

  @Test
  void stopsWithinFiveSecondsAndGivesEverythingFree() {
    // Given another service on the same directory, which is refused
    assertThrows(
        ConfigException.class,
        () -> IngestService.start(fixture.config(), fixture.kafka(), Clock.systemUTC()));

    // When the first is closed
    long start = System.nanoTime();
    fixture.ingest().close();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

    // Then that is quick, and the directory is free
    assertTrue(millis < 5000, "closed after " + millis + " ms");
    fixture.startIngest();
  }

  @Test
  void saysWhenThePortIsTaken() {
    IngestConfig config =
        new IngestConfig(
            HttpConfig.onPort(fixture.ingest().port()),
            fixture.config().topics(),
            null,
            directory.resolve("b"),
            null,
            null,
            null);

    ConfigException error =
        assertThrows(
            ConfigException.class,
            () -> IngestService.start(config, fixture.kafka(), Clock.systemUTC()));

    assertTrue(
        error.getMessage().contains("127.0.0.1:" + fixture.ingest().port()), error.getMessage());
  }

  @Test
  void saysWhenNoBrokerAnswers() {
    IngestConfig config =
        new IngestConfig(
            HttpConfig.onPort(0),
            null,
            null,
            directory.resolve("c"),
            Duration.ofSeconds(2),
            null,
            null);

    RetriableException error =
        assertThrows(
            RetriableException.class,
            () -> IngestService.start(config, KafkaSettings.of("127.0.0.1:9"), Clock.systemUTC()));

    assertEquals(
        "no broker answers at 127.0.0.1:9 after 2 s; start it, or correct bootstrap.servers",
        error.getMessage());
  }
}
