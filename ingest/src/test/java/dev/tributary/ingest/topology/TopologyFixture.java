package dev.tributary.ingest.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.topology.state.RocksDbMemory;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topic;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.schemas.topics.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology under test, with typed doors, a settable clock and its meters. */
final class TopologyFixture implements AutoCloseable {

  private final SettableClock clock = new SettableClock(Records.TIME);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SchemaRegistry registry = new LocalSchemaRegistry();
  private final TopologyTestDriver driver;

  TopologyFixture(TopologyConfig config, Path stateDirectory) {
    Properties settings = new Properties();
    settings.putAll(
        StreamsSettings.of(
            config, KafkaSettings.of("unused:1"), TopicSettings.DEFAULT, stateDirectory));
    settings.put(RocksDbMemory.CONFIG, new RocksDbMemory());
    driver =
        new TopologyTestDriver(
            IngestTopology.build(config, registry, new IngestMetrics(meters), clock),
            settings,
            clock.instant());
  }

  /** In-memory stores, nothing held out: every example comes out of one door. */
  static TopologyFixture trainingOnly(Path stateDirectory) {
    return new TopologyFixture(config(StateStores.IN_MEMORY, 0.0), stateDirectory);
  }

  static TopologyConfig config(StateStores stores, double heldoutShare) {
    return new TopologyConfig(
        null, Duration.ofMinutes(10), Duration.ofHours(24), heldoutShare, null, stores, null);
  }

  void send(InstructionRecord.Builder record) {
    send(Topics.INSTRUCTIONS, record.getAdapter(), InstructionRecord.class, record.build());
  }

  void send(Interaction.Builder record) {
    send(Topics.INTERACTIONS, record.getRequestId(), Interaction.class, record.build());
  }

  void send(Feedback.Builder record) {
    send(Topics.FEEDBACK, record.getRequestId(), Feedback.class, record.build());
  }

  <T extends SpecificRecord> void send(Topic topic, String key, Class<T> type, T value) {
    send(topic, new TestRecord<>(key == null ? null : key.getBytes(UTF_8), encode(type, value)));
  }

  void send(Topic topic, TestRecord<byte[], byte[]> record) {
    TestInputTopic<byte[], byte[]> input =
        driver.createInputTopic(topic.name(), new ByteArraySerializer(), new ByteArraySerializer());
    input.pipeInput(record);
  }

  <T extends SpecificRecord> byte[] encode(Class<T> type, T value) {
    return Contracts.serializer(type, registry).encode(value);
  }

  /** Moves both clocks in steps, as real time would. */
  void advance(Duration by) {
    Duration step = Duration.ofSeconds(10);
    for (Duration moved = Duration.ZERO; moved.compareTo(by) < 0; moved = moved.plus(step)) {
      clock.advance(step);
      driver.advanceWallClockTime(step);
    }
  }

  /** Moves the clock the topology sees, without a look for ended windows. */
  void setClock(Duration ahead) {
    clock.advance(ahead);
  }

  List<TrainingExample> examples() {
    return read(Topics.EXAMPLES);
  }

  List<TrainingExample> heldOut() {
    return read(Topics.HELDOUT);
  }

  List<TestRecord<byte[], byte[]>> deadLetters() {
    return driver
        .createOutputTopic(
            Topics.DEADLETTERS.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  double count(String meter, String... tags) {
    Counter counter = meters.find(meter).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  double waiting() {
    return gauge("tributary.feedback.waiting");
  }

  double examplesWaiting() {
    return gauge("tributary.examples.waiting");
  }

  private double gauge(String meter) {
    Gauge gauge = meters.find(meter).gauge();
    return gauge == null ? Double.NaN : gauge.value();
  }

  static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private List<TrainingExample> read(Topic topic) {
    TestOutputTopic<String, TrainingExample> output =
        driver.createOutputTopic(
            topic.name(),
            new StringDeserializer(),
            Contracts.deserializer(TrainingExample.class, registry));
    List<TrainingExample> examples = new ArrayList<>();
    output
        .readKeyValuesToList()
        .forEach(
            entry -> {
              if (!entry.key.equals(entry.value.getAdapter())) {
                throw new AssertionError("keyed by " + entry.key + ", not by its adapter");
              }
              examples.add(entry.value);
            });
    return examples;
  }

  @Override
  public void close() {
    driver.close();
  }
}
