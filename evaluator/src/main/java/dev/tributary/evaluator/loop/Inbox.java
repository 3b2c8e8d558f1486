package dev.tributary.evaluator.loop;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads candidates and commands from where the group's committed offsets stand.
 *
 * <p>Partitions are assigned by hand: there is one evaluator, its writer is fenced by its
 * transactional id, and after a crash no group membership has to lapse before it goes on. Gating
 * for minutes without polling does no harm for the same reason. One thread.
 */
final class Inbox implements AutoCloseable {

  private static final List<String> SOURCES =
      List.of(Topics.CONTROL.name(), Topics.CANDIDATES.name());

  private final Consumer<byte[], byte[]> consumer;
  private final Set<TopicPartition> neverCommitted = new HashSet<>();

  private Inbox(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** Makes the consumer; reads nothing until {@link #seek}. */
  static Inbox open(Map<String, Object> consumerSettings, String groupId) {
    Map<String, Object> settings = new HashMap<>(consumerSettings);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new Inbox(
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
  }

  /**
   * Goes to the committed offsets. Call it once no transaction of an earlier writer can be open any
   * more.
   */
  void seek() {
    Set<TopicPartition> partitions = new HashSet<>();
    for (String topic : SOURCES) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata offset = committed.get(partition);
      if (offset == null) {
        neverCommitted.add(partition);
        consumer.seekToBeginning(List.of(partition));
      } else {
        consumer.seek(partition, offset);
      }
    }
  }

  /** Whether the group had no offset here: then records may be read that were settled long ago. */
  boolean isFromBeginning(ConsumerRecord<byte[], byte[]> message) {
    return neverCommitted.contains(new TopicPartition(message.topic(), message.partition()));
  }

  /**
   * The next records, commands before candidates: an operator should not wait for a gate that has
   * not begun.
   *
   * @throws ConfigException when the log no longer holds what was not read yet
   */
  List<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
    try {
      var messages = consumer.poll(wait);
      List<ConsumerRecord<byte[], byte[]>> ordered = new ArrayList<>();
      SOURCES.forEach(topic -> messages.records(topic).forEach(ordered::add));
      return ordered;
    } catch (WakeupException e) {
      return List.of();
    } catch (OffsetOutOfRangeException e) {
      throw new ConfigException(
          "records that were not read yet are gone from %s; nothing is skipped silently: see why they were deleted, then set the group's offsets with kafka-consumer-groups"
              .formatted(e.offsetOutOfRangePartitions()),
          e);
    }
  }

  /** The offset to commit once this record is settled. */
  static Map<TopicPartition, OffsetAndMetadata> after(ConsumerRecord<byte[], byte[]> message) {
    return Map.of(
        new TopicPartition(message.topic(), message.partition()),
        new OffsetAndMetadata(message.offset() + 1));
  }

  /** Names the group in transactions. */
  ConsumerGroupMetadata group() {
    return consumer.groupMetadata();
  }

  /** The consumer, for metrics. */
  Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
