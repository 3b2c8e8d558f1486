package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows a whole topic from its beginning, committed records only, without a consumer group. Used
 * by one thread; never blocks but in {@link #open}.
 */
public final class TopicTail implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;

  private TopicTail(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Reads everything there is now, then follows.
   *
   * @param visitor told of everything there is now
   * @throws RetriableException if the end is not reached within the limit
   */
  public static TopicTail open(
      Map<String, Object> settings,
      Admin admin,
      String topic,
      Duration limit,
      TopicSnapshot.Visitor visitor) {
    KafkaConsumer<byte[], byte[]> consumer = TopicSnapshot.reader(settings);
    try {
      Map<TopicPartition, Long> ends =
          TopicSnapshot.ends(admin, TopicSnapshot.partitions(consumer, topic), limit);
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      TopicSnapshot.readTo(consumer, ends, limit, visitor);
      return new TopicTail(consumer);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** What came since the last call; returns at once. */
  public Iterable<ConsumerRecord<byte[], byte[]>> poll() {
    return consumer.poll(Duration.ZERO);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
