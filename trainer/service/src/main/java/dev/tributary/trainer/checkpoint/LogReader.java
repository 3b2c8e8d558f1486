package dev.tributary.trainer.checkpoint;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks at logs from outside the consumer group. Every call is bounded, by {@link #limit} where it
 * reads records and by a few seconds where it asks a question, and raises {@code
 * RetriableException} beyond that.
 */
public final class LogReader {

  /** A single question; the loop waits for the answer, and must not do so for long. */
  private static final Duration QUESTION = Duration.ofSeconds(5);

  private final Map<String, Object> consumerSettings;
  private final Admin admin;
  private final Duration limit;

  public LogReader(Map<String, Object> consumerSettings, Admin admin, Duration limit) {
    this.consumerSettings = Map.copyOf(consumerSettings);
    this.admin = admin;
    this.limit = limit;
  }

  public Duration limit() {
    return limit;
  }

  public InputIdentity identity(String topic) {
    return InputIdentity.lookUp(admin, topic, QUESTION);
  }

  public TopicSnapshot snapshot() {
    return new TopicSnapshot(consumerSettings, admin, limit);
  }

  public TopicTail tail(String topic, TopicSnapshot.Visitor visitor) {
    return TopicTail.open(consumerSettings, admin, topic, limit, visitor);
  }

  /** The offset after the last record of each partition, open transactions included. */
  public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    return TopicSnapshot.ends(admin, List.copyOf(partitions), QUESTION);
  }

  /** As {@link #ends(Collection)}, for one partition. */
  public long end(TopicPartition partition) {
    return ends(List.of(partition)).get(partition);
  }
}
