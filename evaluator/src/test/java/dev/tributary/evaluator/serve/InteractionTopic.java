package dev.tributary.evaluator.serve;

import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What has arrived in {@code tributary.interactions}. */
final class InteractionTopic {

  private final KafkaSettings kafka;
  private final Map<String, Interaction> seen = new HashMap<>();

  InteractionTopic(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /** Waits for the interaction of an answer. */
  Interaction await(String requestId) {
    TopicPartition only = new TopicPartition(Topics.INTERACTIONS.name(), 0);
    try (KafkaConsumer<String, Interaction> consumer =
        new KafkaConsumer<>(
            kafka.consumer(),
            new StringDeserializer(),
            Contracts.deserializer(Interaction.class, new LocalSchemaRegistry()))) {
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (!seen.containsKey(requestId)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("no interaction " + requestId + " among " + seen.keySet());
        }
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> seen.put(record.key(), record.value()));
      }
      return seen.get(requestId);
    }
  }
}
