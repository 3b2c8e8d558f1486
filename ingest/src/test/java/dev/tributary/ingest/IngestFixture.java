package dev.tributary.ingest;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A real broker and a running ingest, with a client for both. */
final class IngestFixture implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path state;
  private EmbeddedBroker broker;
  private IngestService ingest;

  private IngestFixture(Path directory) {
    this.state = directory.resolve("state");
    this.broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    startIngest();
  }

  static IngestFixture start(Path directory) {
    return new IngestFixture(directory);
  }

  void startIngest() {
    ingest = IngestService.start(config(), kafka(), Clock.systemUTC());
    ingest.awaitReady(LIMIT);
  }

  /**
   * Room for four records, so that it can be filled, and a short join window, so that it can be
   * waited for.
   */
  IngestConfig config() {
    return new IngestConfig(
        HttpConfig.onPort(0),
        new TopicSettings(2, 1),
        null,
        state,
        LIMIT,
        new GatewayConfig(4, null, Duration.ofSeconds(4), null, null),
        new TopologyConfig(
            null, Duration.ofSeconds(5), null, null, null, StateStores.IN_MEMORY, null));
  }

  KafkaSettings kafka() {
    return KafkaSettings.of(broker.bootstrapServers());
  }

  IngestService ingest() {
    return ingest;
  }

  void killBroker() {
    broker.kill();
  }

  void restartBroker() {
    broker = EmbeddedBroker.start(broker.options());
  }

  HttpResponse<String> json(String path, String body) throws Exception {
    return client.send(
        request(path, "application/json", body), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> ndjson(String path, String body) throws Exception {
    return client.send(
        request(path, "application/x-ndjson", body), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String type, String body) {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + ingest.port() + path);
  }

  /** Keys of all records in a topic, as a reader sees them that takes only what is committed. */
  List<String> keys(String topic) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<String> keys = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          keys.add(record.key());
        }
      }
      return keys;
    }
  }

  @Override
  public void close() {
    ingest.close();
    broker.close();
    client.close();
  }
}
