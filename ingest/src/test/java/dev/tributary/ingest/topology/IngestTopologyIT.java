package dev.tributary.ingest.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topic;
import dev.tributary.schemas.topics.TopicAdmin;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.schemas.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestTopologyIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final TopicSettings TWO_PARTITIONS = new TopicSettings(2, 1);

  @TempDir Path directory;

  private final SchemaRegistry registry = new LocalSchemaRegistry();
  private EmbeddedBroker broker;
  private KafkaSettings kafka;
  private Admin admin;

  @BeforeEach
  void startBroker() {
    broker =
        EmbeddedBroker.start(
            BrokerOptions.in(directory.resolve("broker"))
                .with("group.min.session.timeout.ms", "1000")
                .with("group.initial.rebalance.delay.ms", "0"));
    kafka = KafkaSettings.of(broker.bootstrapServers());
    admin = Admin.create(kafka.admin());
    TopicAdmin.ensure(admin, TWO_PARTITIONS, PATIENCE);
  }

  @AfterEach
  void stopBroker() {
    admin.close();
    broker.close();
  }

  @Test
  void everyRecordComesOutOnceThoughTheProcessIsKilledAgainAndAgain() throws Exception {
    // given more records than one life of the process gets through
    Random random = new Random(7);
    int each = 1_500;
    Process process = TopologyProcess.start(broker.bootstrapServers(), directory.resolve("state"));
    try {
      for (int round = 0; round < 3; round++) {
        long before = committed().size();
        produce(round * each / 3, (round + 1) * each / 3);
        Awaitility.await().atMost(PATIENCE).until(() -> committed().size() > before);

        // when
        TimeUnit.MILLISECONDS.sleep(random.nextInt(200)); // the moment of death is the test's input
        process.destroyForcibly().waitFor();
        process = TopologyProcess.start(broker.bootstrapServers(), directory.resolve("state"));
      }

      // then
      TreeSet<String> expected = new TreeSet<>();
      for (int i = 0; i < each; i++) {
        expected.addAll(List.of("instruction-" + i, "feedback-" + i, "bad-" + i));
      }
      Awaitility.await().atMost(PATIENCE).until(() -> new TreeSet<>(committed()).equals(expected));
      assertEquals(expected.size(), committed().size(), "some came out twice");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void tellsWhereFeedbackStandsAndKeepsItOverARestart() throws Exception {
    // given
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    IngestMetrics metrics = new IngestMetrics(meters);
    send(Topics.INTERACTIONS, "r1", Interaction.class, Records.interaction("r1").build());
    send(Topics.FEEDBACK, "r1", Feedback.class, Records.thumb("joined", "r1", 1).build());
    send(Topics.FEEDBACK, "r2", Feedback.class, Records.thumb("waiting", "r2", 1).build());

    // when
    Health health = new Health();
    StreamsRunner first = TopologyProcess.run(kafka, directory.resolve("state"), metrics, health);
    health.awaitReady(PATIENCE);

    // then
    awaitStatus(first, "joined", JoinStatus.JOINED);
    awaitStatus(first, "waiting", JoinStatus.WAITING);
    assertEquals(Optional.empty(), first.feedback("never sent"));
    assertEquals(1, meters.get("tributary.feedback.waiting").gauge().value());
    long begin = System.nanoTime();
    first.close();
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 5_000);
    assertEquals(0, meters.get("tributary.feedback.waiting").gauge().value());

    // and after a restart the interaction finds the feedback that waited
    Health again = new Health();
    try (StreamsRunner second =
        TopologyProcess.run(kafka, directory.resolve("state"), metrics, again)) {
      again.awaitReady(PATIENCE);
      awaitStatus(second, "waiting", JoinStatus.WAITING);
      send(Topics.INTERACTIONS, "r2", Interaction.class, Records.interaction("r2").build());
      awaitStatus(second, "waiting", JoinStatus.JOINED);
    }
  }

  @Test
  void aDeadLetterThatCannotBeWrittenStopsTheStreamAndIsNotSkipped() throws Exception {
    // given
    setMaxMessageBytes(Topics.DEADLETTERS, 100);
    sendRaw(Topics.INSTRUCTIONS, "bad-1", new byte[] {9, 9, 9});
    Health health = new Health();
    IngestMetrics metrics = new IngestMetrics(new SimpleMeterRegistry());

    // when
    try (StreamsRunner stopped =
        TopologyProcess.run(kafka, directory.resolve("state"), metrics, health)) {
      Awaitility.await().atMost(PATIENCE).until(() -> !health.isLive());
      assertFalse(health.isReady());
      assertThrows(RetriableException.class, () -> stopped.feedback("f1"));
    }
    assertEquals(List.of(), committed());

    // then
    setMaxMessageBytes(Topics.DEADLETTERS, Topics.LARGE_MESSAGE_BYTES);
    StreamsRunner cured =
        TopologyProcess.run(kafka, directory.resolve("state"), metrics, new Health());
    Awaitility.await().atMost(PATIENCE).until(() -> committed().equals(List.of("bad-1")));
    cured.close();
  }

  /** A busy machine may rebalance in between, which asks to ask again. */
  private static void awaitStatus(StreamsRunner runner, String feedbackId, JoinStatus status) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(RetriableException.class)
        .until(
            () -> runner.feedback(feedbackId).map(FeedbackStatus::status).orElse(null) == status);
  }

  private void produce(int from, int to) throws Exception {
    try (var producer = producer()) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = from; i < to; i++) {
        String request = "request-" + i;
        sent.add(
            producer.send(
                record(
                    Topics.INSTRUCTIONS,
                    Records.ADAPTER,
                    InstructionRecord.class,
                    Records.instruction("instruction-" + i).build())));
        sent.add(
            producer.send(
                record(
                    Topics.FEEDBACK,
                    request,
                    Feedback.class,
                    Records.correction("feedback-" + i, request, "Right " + i).build())));
        sent.add(
            producer.send(
                record(
                    Topics.INTERACTIONS,
                    request,
                    Interaction.class,
                    Records.interaction(request).build())));
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topics.FEEDBACK.name(), ("bad-" + i).getBytes(UTF_8), new byte[] {9})));
      }
      producer.flush();
      for (Future<RecordMetadata> future : sent) {
        future.get();
      }
    }
  }

  private <T extends SpecificRecord> void send(Topic topic, String key, Class<T> type, T value)
      throws Exception {
    sendRaw(topic, key, Contracts.serializer(type, registry).encode(value));
  }

  private void sendRaw(Topic topic, String key, byte[] value) throws Exception {
    try (var producer = producer()) {
      producer.send(new ProducerRecord<>(topic.name(), key.getBytes(UTF_8), value)).get();
    }
  }

  private <T extends SpecificRecord> ProducerRecord<byte[], byte[]> record(
      Topic topic, String key, Class<T> type, T value) {
    return new ProducerRecord<>(
        topic.name(), key.getBytes(UTF_8), Contracts.serializer(type, registry).encode(value));
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * The names of all committed outputs: the record an example was made from, or the key of a dead
   * letter.
   */
  private List<String> committed() {
    Map<String, Object> settings = kafka.consumer();
    settings.put("isolation.level", "read_committed");
    AvroDecoder<TrainingExample> decoder = Contracts.decoder(TrainingExample.class, registry);
    List<String> names = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (Topic topic : List.of(Topics.EXAMPLES, Topics.HELDOUT, Topics.DEADLETTERS)) {
        for (int p = 0; p < TWO_PARTITIONS.partitions(); p++) {
          partitions.add(new TopicPartition(topic.name(), p));
        }
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          names.add(
              record.topic().equals(Topics.DEADLETTERS.name())
                  ? new String(record.key(), UTF_8)
                  : decoder.decode(record.value()).getOrigin().getRecordId());
        }
      }
    }
    return names;
  }

  private void setMaxMessageBytes(Topic topic, int bytes) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    AlterConfigOp set =
        new AlterConfigOp(
            new ConfigEntry("max.message.bytes", String.valueOf(bytes)), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get(10, TimeUnit.SECONDS);
  }
}
