package dev.tributary.ingest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.ingest.gateway.GatewayConfig;
import dev.tributary.ingest.topology.StateStores;
import dev.tributary.ingest.topology.TopologyConfig;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.topics.TopicSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The ingest service against a real broker. */
class IngestServiceIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String INTERACTION =
      "{\"request_id\":\"%s\",\"adapter\":\"acme/support\",\"prompt\":\"How long?\",\"completion\":\"14 days.\"}";
  private static final String CORRECTION =
      "{\"id\":\"%s\",\"request_id\":\"%s\",\"kind\":\"correction\",\"correction\":\"30 days.\"}";

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private EmbeddedBroker broker;
  private IngestService ingest;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    ingest = IngestService.start(config(directory.resolve("state")), KafkaSettings.of(broker.bootstrapServers()), Clock.systemUTC());
    ingest.awaitReady(LIMIT);
  }

  @AfterEach
  void stop() {
    ingest.close();
    broker.close();
    client.close();
  }

  private static IngestConfig config(Path state) {
    return new IngestConfig(
        HttpConfig.onPort(0),
        new TopicSettings(2, 1),
        null,
        state,
        Duration.ofSeconds(60),
        new GatewayConfig(4, null, Duration.ofSeconds(4), null, null),
        new TopologyConfig(null, Duration.ofSeconds(5), null, null, StateStores.IN_MEMORY, null));
  }

  @Test
  void whatIsAnswered202IsInTheTopicAndBecomesAnExample() throws Exception {
    // Given an interaction and a correction of it
    assertEquals(202, post("/v1/interactions", "application/json", INTERACTION.formatted("r1")).statusCode());
    assertEquals(List.of("r1"), keys("tributary.interactions"));
    assertEquals(202, post("/v1/feedback", "application/json", CORRECTION.formatted("f1", "r1")).statusCode());
    assertEquals(List.of("r1"), keys("tributary.feedback"));

    // Then it is joined, which its status tells, and there is an example
    await().atMost(LIMIT).until(() -> get("/v1/feedback/f1").body().contains("\"status\":\"joined\""));
    await().atMost(LIMIT).until(() -> keys("tributary.examples").size() + keys("tributary.heldout").size() == 1);

    // And feedback on a request nobody knows waits, and is unmatched in the end
    assertEquals(202, post("/v1/feedback", "application/json", CORRECTION.formatted("f2", "nobody")).statusCode());
    await().atMost(LIMIT).until(() -> get("/v1/feedback/f2").body().contains("\"status\":\"waiting\""));
    await().atMost(LIMIT).until(() -> get("/v1/feedback/f2").body().contains("\"status\":\"unmatched\""));

    // And the meters say so
    String metrics = get("/metrics").body();
    assertTrue(metrics.contains("tributary_ingest_records_total{kind=\"feedback\",outcome=\"accepted\"} 2.0"), metrics);
    for (String meter : List.of("kafka_producer_record_send_total{", "kafka_stream_thread_", "jvm_memory_used_bytes{")) {
      assertTrue(metrics.contains(meter), "missing: " + meter);
    }
    assertEquals(200, get("/health/ready").statusCode());
    assertEquals(200, get("/health/live").statusCode());
  }

  @Test
  void theGoodLinesOfABatchAreInTheTopic() throws Exception {
    String lines = String.join("\n", CORRECTION.formatted("f1", "r1"), "{}", CORRECTION.formatted("f2", "r2"));

    HttpResponse<String> answer = post("/v1/feedback", "application/x-ndjson", lines);

    assertEquals(207, answer.statusCode(), answer.body());
    assertEquals(2, JsonMapper.shared().readTree(answer.body()).get("errors").get(0).get("line").intValue());
    assertEquals(Set.of("r1", "r2"), new HashSet<>(keys("tributary.feedback")));
  }

  @Test
  void aBrokerThatIsGoneMeans429Then503AndAfterItsReturnNothingAcknowledgedIsMissing() throws Exception {
    // Given some acknowledged records, and a broker that is then killed
    Set<String> acknowledged = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      assertEquals(202, post("/v1/interactions", "application/json", INTERACTION.formatted("a" + i)).statusCode());
      acknowledged.add("a" + i);
    }
    broker.kill();

    // When more records come than may wait for it, then the surplus is told to slow down
    String four = IntStream.range(0, 4).mapToObj(i -> INTERACTION.formatted("b" + i)).collect(Collectors.joining("\n"));
    CompletableFuture<HttpResponse<String>> waiting =
        client.sendAsync(request("/v1/interactions", "application/x-ndjson", four), HttpResponse.BodyHandlers.ofString());
    await().atMost(LIMIT).until(() -> post("/v1/interactions", "application/json", INTERACTION.formatted("c")).statusCode() == 429);

    // And those that waited in vain are told so, and the service that it is not ready
    HttpResponse<String> inVain = waiting.get(30, TimeUnit.SECONDS);
    assertEquals(503, inVain.statusCode(), inVain.body());
    assertTrue(inVain.headers().firstValue("Retry-After").isPresent());
    await().atMost(LIMIT).until(() -> get("/health/ready").statusCode() == 503);
    assertEquals(200, get("/health/live").statusCode());

    // And when the broker is back, records are taken again and every acknowledged one is there
    broker = EmbeddedBroker.start(broker.options());
    await().atMost(LIMIT).until(() -> post("/v1/interactions", "application/json", INTERACTION.formatted("d")).statusCode() == 202);
    acknowledged.add("d");
    Set<String> stored = new HashSet<>(keys("tributary.interactions"));
    assertTrue(stored.containsAll(acknowledged), stored + " lacks some of " + acknowledged);
    await().atMost(LIMIT).until(() -> get("/health/ready").statusCode() == 200);
  }

  @Test
  void stopsWithinFiveSecondsAndGivesEverythingFree() {
    // Given another service on the same directory, which is refused
    KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
    IngestConfig config = config(directory.resolve("state"));
    assertThrows(ConfigException.class, () -> IngestService.start(config, kafka, Clock.systemUTC()));

    // When the first is closed
    long start = System.nanoTime();
    ingest.close();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

    // Then that is quick, and the directory is free
    assertTrue(millis < 5000, "closed after " + millis + " ms");
    ingest = IngestService.start(config, kafka, Clock.systemUTC());
    ingest.awaitReady(LIMIT);
  }

  @Test
  void saysWhenThePortIsTakenOrNoBrokerAnswers() {
    IngestConfig taken =
        new IngestConfig(HttpConfig.onPort(ingest.port()), new TopicSettings(2, 1), null, directory.resolve("b"), null, null, null);
    ConfigException port =
        assertThrows(
            ConfigException.class,
            () -> IngestService.start(taken, KafkaSettings.of(broker.bootstrapServers()), Clock.systemUTC()));
    assertTrue(port.getMessage().contains("127.0.0.1:" + ingest.port()), port.getMessage());

    IngestConfig impatient =
        new IngestConfig(HttpConfig.onPort(0), null, null, directory.resolve("c"), Duration.ofSeconds(2), null, null);
    RetriableException none =
        assertThrows(
            RetriableException.class,
            () -> IngestService.start(impatient, KafkaSettings.of("127.0.0.1:9"), Clock.systemUTC()));
    assertEquals(
        "no broker answers at 127.0.0.1:9 after 2 s; start it, or correct bootstrap.servers", none.getMessage());
  }

  private HttpRequest request(String path, String type, String body) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return client.send(request(path, type, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + ingest.port() + path);
  }

  /** Keys of all records in a topic, as a reader sees them that takes only what is committed. */
  private List<String> keys(String topic) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<String> keys = new java.util.ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          keys.add(record.key());
        }
      }
      return keys;
    }
  }
}
