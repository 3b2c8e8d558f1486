package dev.tributary.schemas.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class TopicAdminIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final TopicSettings TWO_PARTITIONS = new TopicSettings(2, 1);

  private EmbeddedBroker broker;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path directory) {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  void stop() {
    admin.close();
    broker.close();
  }

  @Test
  void createsTheCatalogueOnceHoweverManyAsk() throws Exception {
    // when four services start at once, and one later
    try (var services = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> ensure =
          () -> {
            TopicAdmin.ensure(admin, TWO_PARTITIONS, PATIENCE);
            return null;
          };
      for (Future<Void> service : services.invokeAll(List.of(ensure, ensure, ensure, ensure))) {
        service.get();
      }
    }
    TopicAdmin.ensure(admin, TWO_PARTITIONS, PATIENCE);

    // then
    List<String> names = Topics.all().stream().map(Topic::name).toList();
    var topics = admin.describeTopics(names).allTopicNames().get(10, TimeUnit.SECONDS);
    assertTrue(topics.values().stream().allMatch(topic -> topic.partitions().size() == 2));
    for (Topic topic : Topics.all()) {
      topic
          .config()
          .forEach(
              (key, value) ->
                  assertEquals(value, config(topic.name(), key), topic.name() + " " + key));
    }
    assertEquals("compact", config("tributary.checkpoints", "cleanup.policy"));
    assertEquals("compact", config("tributary.releases", "cleanup.policy"));
    assertEquals("LogAppendTime", config("tributary.examples", "message.timestamp.type"));
  }

  @Test
  void noRecordSentRightAfterwardsIsLost() throws Exception {
    for (int round = 0; round < 10; round++) {
      // given
      Topic fresh = new Topic("fresh-" + round, Optional.empty(), Map.of());

      // when
      TopicAdmin.ensure(admin, List.of(fresh), new TopicSettings(4, 1), PATIENCE);
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers",
              broker.bootstrapServers(),
              "delivery.timeout.ms",
              4_000,
              "request.timeout.ms",
              2_000,
              "linger.ms",
              0);
      try (var producer =
          new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        List<Future<RecordMetadata>> sent =
            IntStream.range(0, 200)
                .mapToObj(i -> producer.send(new ProducerRecord<>(fresh.name(), "k" + i, "v")))
                .toList();

        // then
        for (Future<RecordMetadata> record : sent) {
          record.get(10, TimeUnit.SECONDS);
        }
      }
    }
  }

  @Test
  void anotherNumberOfPartitionsIsReportedAndNotChanged() {
    // given
    Topic topic = new Topic("three-partitions", Optional.empty(), Map.of());
    TopicAdmin.ensure(admin, List.of(topic), new TopicSettings(3, 1), PATIENCE);

    // when
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> TopicAdmin.ensure(admin, List.of(topic), new TopicSettings(5, 1), PATIENCE));

    // then
    assertEquals(
        "topics.partitions: '5' cannot be used; three-partitions has 3: set it to what is there, or"
            + " move to new topics; changing the number would reorder keys",
        refusal.getMessage());
  }

  @Test
  void aTopicThatWouldDeleteLiveStateIsRefused() throws Exception {
    // given
    admin
        .createTopics(List.of(new NewTopic("state", 1, (short) 1)))
        .all()
        .get(10, TimeUnit.SECONDS);
    Topic topic = new Topic("state", Optional.empty(), Map.of("cleanup.policy", "compact"));

    // when
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> TopicAdmin.ensure(admin, List.of(topic), new TopicSettings(1, 1), PATIENCE));

    // then
    assertTrue(
        refusal.getMessage().contains("state cleanup.policy: 'delete'"), refusal.getMessage());
  }

  @Test
  void aSettingAnOperatorChangedIsLeftAlone() throws Exception {
    // given
    admin
        .createTopics(
            List.of(new NewTopic("tuned", 1, (short) 1).configs(Map.of("retention.ms", "1000"))))
        .all()
        .get(10, TimeUnit.SECONDS);
    Topic topic = new Topic("tuned", Optional.empty(), Map.of("retention.ms", "2000"));

    // when
    TopicAdmin.ensure(admin, List.of(topic), new TopicSettings(1, 1), PATIENCE);

    // then
    assertEquals("1000", config("tuned", "retention.ms"));
  }

  @Test
  void moreReplicasThanBrokersNameTheSetting() {
    Topic topic = new Topic("replicated", Optional.empty(), Map.of());
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> TopicAdmin.ensure(admin, List.of(topic), new TopicSettings(1, 3), PATIENCE));
    assertTrue(
        refusal.getMessage().startsWith("topics.replication_factor: '3'"), refusal.getMessage());
  }

  @Test
  void aBrokerThatIsNotThereIsAskedForAsLongAsThePatienceLasts() {
    try (Admin nobody = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"))) {
      long begin = System.nanoTime();
      RetriableException refusal =
          assertThrows(
              RetriableException.class,
              () -> TopicAdmin.ensure(nobody, TWO_PARTITIONS, Duration.ofSeconds(1)));
      assertTrue(refusal.getMessage().contains("is the broker running"), refusal.getMessage());
      assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 10);
    }
  }

  private String config(String topic, String key) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return admin
          .describeConfigs(List.of(resource))
          .all()
          .get(10, TimeUnit.SECONDS)
          .get(resource)
          .get(key)
          .value();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
