package dev.tributary.evaluator;

import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes what other services would write, and reads what the evaluator has written. */
final class TestTopics implements AutoCloseable {

  private final KafkaSettings kafka;
  private final SchemaRegistry schemas = new LocalSchemaRegistry();
  private final KafkaProducer<byte[], byte[]> producer;

  TestTopics(KafkaSettings kafka) {
    this.kafka = kafka;
    this.producer =
        new KafkaProducer<>(kafka.producer(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  void heldOut(List<TrainingExample> examples) {
    examples.forEach(example -> send(Topics.HELDOUT.name(), example));
  }

  /** As the trainer reads them. */
  void trained(List<TrainingExample> examples) {
    examples.forEach(example -> send(Topics.EXAMPLES.name(), example));
  }

  private void send(String topic, TrainingExample example) {
    send(topic, example.getAdapter(), encode(TrainingExample.class, example));
  }

  void candidate(AdapterCandidate candidate) {
    send(
        Topics.CANDIDATES.name(),
        candidate.getAdapter(),
        encode(AdapterCandidate.class, candidate));
  }

  void control(ControlCommand command) {
    send(Topics.CONTROL.name(), command.getAdapter(), encode(ControlCommand.class, command));
  }

  /** Returns once the broker has acknowledged. */
  void send(String topic, String key, byte[] value) {
    try {
      producer
          .send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
          .get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("not written to " + topic, e);
    }
  }

  /** Every committed line of an adapter, compaction aside, in the order of the log. */
  List<AdapterRelease> lines(String adapter) {
    var decoder = Contracts.decoder(AdapterRelease.class, schemas);
    return read(Topics.RELEASES.name()).stream()
        .map(message -> decoder.decode(message.value()))
        .filter(line -> line.getAdapter().equals(adapter))
        .toList();
  }

  /** Every command for an adapter, in the order of the log. */
  List<ControlCommand> commands(String adapter) {
    var decoder = Contracts.decoder(ControlCommand.class, schemas);
    return read(Topics.CONTROL.name()).stream()
        .filter(message -> adapter.equals(new String(message.key(), StandardCharsets.UTF_8)))
        .map(message -> decoder.decode(message.value()))
        .toList();
  }

  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    Map<String, Object> settings = kafka.consumer();
    settings.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found;
  }

  private <T extends SpecificRecord> byte[] encode(Class<T> type, T value) {
    return Contracts.serializer(type, schemas).encode(value);
  }

  @Override
  public void close() {
    producer.close();
  }
}
