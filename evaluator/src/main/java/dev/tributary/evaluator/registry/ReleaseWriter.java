package dev.tributary.evaluator.registry;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.serde.AvroSerializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes lines of the registry's log together with the input offsets they settle, in one Kafka
 * transaction: a candidate's verdict and the fact that the candidate was read become true at the
 * same moment, or not at all.
 *
 * <p>There is one writer. Opening another with the same transactional id fences this one: its next
 * commit fails for good. A commit that fails otherwise has an unknown outcome: close this writer,
 * open a new one, and read the log before going on. One thread.
 */
public final class ReleaseWriter implements AutoCloseable {

  private final Producer<byte[], byte[]> producer;
  private final AvroSerializer<AdapterRelease> serializer;
  private final String topic;
  private final int partitions;
  private final ConsumerGroupMetadata group;

  private ReleaseWriter(
      Producer<byte[], byte[]> producer,
      AvroSerializer<AdapterRelease> serializer,
      String topic,
      int partitions,
      ConsumerGroupMetadata group) {
    this.producer = producer;
    this.serializer = serializer;
    this.topic = topic;
    this.partitions = partitions;
    this.group = group;
  }

  /**
   * Becomes the writer: what an earlier one left open is aborted, and it can commit no more.
   *
   * @param producerSettings client settings, such as {@code KafkaSettings.producer()}
   * @param group whose offsets are committed; its id also names the transactional id
   * @param topic the releases topic
   * @param partitions of that topic
   * @throws RetriableException if the broker does not answer
   */
  public static ReleaseWriter open(
      Map<String, Object> producerSettings,
      AvroSerializer<AdapterRelease> serializer,
      ConsumerGroupMetadata group,
      String topic,
      int partitions) {
    Map<String, Object> settings = new HashMap<>(producerSettings);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group.groupId() + "-releases");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new RetriableException(
          "cannot become the writer of " + topic + ": " + e.getMessage(), e);
    }
    return new ReleaseWriter(producer, serializer, topic, partitions, group);
  }

  /** The producer, for metrics. */
  public Producer<byte[], byte[]> producer() {
    return producer;
  }

  /**
   * Commits lines, further records and offsets together. Any of them may be empty.
   *
   * @param more records of other topics, such as dead letters
   * @throws ConfigException if another evaluator has taken over
   * @throws RetriableException if the outcome is unknown
   */
  public void commit(
      List<ReleaseLine> lines,
      List<ProducerRecord<byte[], byte[]>> more,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    try {
      producer.beginTransaction();
      lines.forEach(line -> producer.send(message(line)));
      more.forEach(producer::send);
      producer.sendOffsetsToTransaction(offsets, group);
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new ConfigException(
          "another evaluator has taken over %s; stop one of the two".formatted(topic), e);
    } catch (KafkaException e) {
      throw new RetriableException("commit to " + topic + " failed: " + e.getMessage(), e);
    }
  }

  private ProducerRecord<byte[], byte[]> message(ReleaseLine line) {
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            topic,
            partition(line.adapter()),
            line.name().getBytes(StandardCharsets.UTF_8),
            serializer.encode(line.release()));
    line.mark().writeTo(message.headers());
    return message;
  }

  /**
   * All versions of an adapter share a partition, so that their lines keep their order; keys alone
   * would spread them.
   */
  private int partition(AdapterId adapter) {
    return Math.floorMod(adapter.toString().hashCode(), partitions);
  }

  /** Closes at once; an open transaction is left for the next writer to abort. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
