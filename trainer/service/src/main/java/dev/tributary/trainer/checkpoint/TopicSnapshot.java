package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a whole topic as it stands, committed records only.
 *
 * <p>The end is the end of the log <em>including</em> open transactions, so reading waits until
 * each of these has been committed or aborted. Asking a {@code read_committed} consumer for the end
 * would stop before them, and a pointer committed a moment later by the previous owner of a
 * partition would be missed.
 */
public final class TopicSnapshot {

  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Object> consumerSettings;
  private final Admin admin;
  private final Duration limit;

  /**
   * @param consumerSettings client settings; what this class needs is set over them
   * @param limit how long one reading may take
   */
  public TopicSnapshot(Map<String, Object> consumerSettings, Admin admin, Duration limit) {
    this.consumerSettings = consumerSettings;
    this.admin = admin;
    this.limit = limit;
  }

  /** What is told of each record. */
  @FunctionalInterface
  public interface Visitor {
    void visit(ConsumerRecord<byte[], byte[]> message);
  }

  /**
   * Visits all records, each partition in order.
   *
   * @throws RetriableException if the end is not reached within the limit
   */
  public void read(String topic, Visitor visitor) {
    try (KafkaConsumer<byte[], byte[]> consumer = reader(consumerSettings)) {
      Map<TopicPartition, Long> ends = ends(admin, partitions(consumer, topic), limit);
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      readTo(consumer, ends, limit, visitor);
    }
  }

  /** Reads on until every partition has reached its end. */
  static void readTo(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Duration limit,
      Visitor visitor) {
    long deadline = System.nanoTime() + limit.toNanos();
    Map<TopicPartition, Long> ahead = new HashMap<>(ends);
    ahead.entrySet().removeIf(end -> consumer.position(end.getKey(), limit) >= end.getValue());
    while (!ahead.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new RetriableException(
            "%s not read to the end within %d s; a transaction there may be left open"
                .formatted(ahead, limit.toSeconds()));
      }
      consumer.poll(POLL).forEach(visitor::visit);
      ahead.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
    }
  }

  /** A consumer without a group that reads committed records and never resets by itself. */
  static KafkaConsumer<byte[], byte[]> reader(Map<String, Object> settings) {
    Map<String, Object> own = new HashMap<>(settings);
    own.remove(ConsumerConfig.GROUP_ID_CONFIG);
    own.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    own.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** The offset after the last record of each partition, open transactions included. */
  static Map<TopicPartition, Long> ends(
      Admin admin, List<TopicPartition> partitions, Duration limit) {
    try {
      return admin
          .listOffsets(
              partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
          .all()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS)
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    } catch (ExecutionException | TimeoutException e) {
      throw new RetriableException("end offsets of " + partitions + " cannot be read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while reading end offsets", e);
    }
  }
}
