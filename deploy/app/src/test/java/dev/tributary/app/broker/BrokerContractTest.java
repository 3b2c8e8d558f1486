package dev.tributary.app.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.topics.TopicAdmin;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.schemas.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Tributary needs of a broker, whoever runs it. */
abstract class BrokerContractTest {

  private static final TopicSettings ONE_NODE = new TopicSettings(3, 1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private KafkaSettings kafka;
  private String topic;

  abstract String bootstrapServers();

  @BeforeEach
  void createTopic() {
    kafka = KafkaSettings.of(bootstrapServers());
    topic = "contract-" + UUID.randomUUID();
    try (Admin admin = Admin.create(kafka.admin())) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
      admin
          .listOffsets(Map.of(new TopicPartition(topic, 0), OffsetSpec.latest()))
          .all()
          .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theCatalogueIsCreatedOnceHoweverOftenItIsAskedFor() throws Exception {
    try (Admin admin = Admin.create(kafka.admin())) {
      TopicAdmin.ensure(admin, ONE_NODE, PATIENCE);
      TopicAdmin.ensure(admin, ONE_NODE, PATIENCE);

      for (var described :
          admin
              .describeTopics(Topics.all().stream().map(t -> t.name()).toList())
              .topicNameValues()
              .entrySet()) {
        assertEquals(3, described.getValue().get().partitions().size(), described.getKey());
      }
    }
  }

  @Test
  void transactionsAreTheKindThatALateEndCannotTear() throws Exception {
    try (Admin admin = Admin.create(kafka.admin())) {
      var features = admin.describeFeatures().featureMetadata().get().finalizedFeatures();

      assertTrue(features.get("transaction.version").maxVersionLevel() >= 2, features.toString());
    }
  }

  @Test
  void committedTransactionsAreReadAndAbortedOnesAreNot() {
    try (KafkaProducer<String, String> producer = producer("tx-" + topic)) {
      producer.initTransactions();
      producer.beginTransaction();
      IntStream.range(0, 100)
          .forEach(i -> producer.send(new ProducerRecord<>(topic, "k", "c" + i)));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, "k", "aborted"));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, "k", "last"));
      producer.commitTransaction();
    }

    List<String> expected =
        new ArrayList<>(IntStream.range(0, 100).mapToObj(i -> "c" + i).toList());
    expected.add("last");
    assertEquals(expected, read(101));
  }

  @Test
  void offsetsMoveInTheTransactionOrNotAtAll() {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaProducer<String, String> producer = producer("offsets-" + topic);
        KafkaConsumer<String, String> consumer = consumer("group-" + topic)) {
      ConsumerGroupMetadata group = consumer.groupMetadata();
      producer.initTransactions();
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(5)), group);
      producer.abortTransaction();
      assertEquals(Map.of(), nonNull(consumer.committed(Set.of(partition))));

      producer.beginTransaction();
      producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), group);
      producer.commitTransaction();
      assertEquals(7, consumer.committed(Set.of(partition)).get(partition).offset());
    }
  }

  @Test
  void aZombieIsFenced() {
    try (KafkaProducer<String, String> zombie = producer("zombie-" + topic);
        KafkaProducer<String, String> successor = producer("zombie-" + topic)) {
      zombie.initTransactions();
      zombie.beginTransaction();
      zombie.send(new ProducerRecord<>(topic, "k", "zombie"));
      zombie.flush();

      successor.initTransactions();
      successor.beginTransaction();
      successor.send(new ProducerRecord<>(topic, "k", "successor"));
      successor.commitTransaction();

      assertThrows(KafkaException.class, zombie::commitTransaction);
    }
    assertEquals(List.of("successor"), read(1));
  }

  private List<String> read(int count) {
    List<String> values = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer = consumer("reader-" + topic)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition) < end && System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
    }
    assertTrue(values.size() >= count, values.toString());
    return values;
  }

  private static Map<TopicPartition, OffsetAndMetadata> nonNull(
      Map<TopicPartition, OffsetAndMetadata> committed) {
    Map<TopicPartition, OffsetAndMetadata> present = new HashMap<>(committed);
    present.values().removeIf(Objects::isNull);
    return present;
  }

  private KafkaProducer<String, String> producer(String transactionalId) {
    Map<String, Object> settings = kafka.with("transactional.id", transactionalId).producer();
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private KafkaConsumer<String, String> consumer(String group) {
    Map<String, Object> settings =
        kafka
            .with("group.id", group)
            .with("isolation.level", "read_committed")
            .with("enable.auto.commit", "false")
            .consumer();
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }
}
