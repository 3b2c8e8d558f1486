package dev.tributary.trainer.loop;

import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.topics.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The trainer's Kafka clients. What exactly-once training rests on is set whatever the
 * configuration says; the rest are defaults it may override.
 */
final class ClientSettings {

  private static final int HEADER_ROOM = 64 << 10;

  private final KafkaSettings kafka;
  private final String groupId;
  private final String instanceId;

  ClientSettings(KafkaSettings kafka, String groupId, String instanceId) {
    this.kafka = kafka;
    this.groupId = groupId;
    this.instanceId = instanceId;
  }

  /** For the consumer of the examples topic. */
  Map<String, Object> groupConsumer() {
    Map<String, Object> settings = kafka.consumer();
    settings.putIfAbsent(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instanceId);
    settings.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
    if (!"consumer".equalsIgnoreCase(String.valueOf(settings.get("group.protocol")))) {
      settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
      settings.putIfAbsent(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return settings;
  }

  /** For consumers without a group. */
  Map<String, Object> reader() {
    Map<String, Object> settings = kafka.consumer();
    settings.keySet().removeIf(key -> key.startsWith("group."));
    return settings;
  }

  Map<String, Object> producer() {
    Map<String, Object> settings = kafka.producer();
    // Longer than a commit takes, short enough not to hold up a successor: a partition's next owner
    // waits until a transaction its last one left open has timed out.
    settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 20_000);
    settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
    settings.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.putIfAbsent(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.LARGE_MESSAGE_BYTES + HEADER_ROOM);
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, groupId + "-" + instanceId);
    return settings;
  }

  Map<String, Object> admin() {
    return kafka.admin();
  }
}
