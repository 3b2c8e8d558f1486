package dev.tributary.schemas.topics;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the catalogue's topics where they are missing and waits until every partition has a
 * leader. Running it again, or from several services at once, changes nothing.
 *
 * <p>The wait matters: an idempotent producer that writes right after {@code createTopics} returned
 * loses records (KAFKA-15591). Only a partition's leader answers {@code listOffsets}, so its answer
 * is the proof.
 */
public final class TopicAdmin {

  private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Admin admin;
  private final List<Topic> topics;
  private final TopicSettings settings;
  private final long deadline;

  private TopicAdmin(Admin admin, List<Topic> topics, TopicSettings settings, Duration patience) {
    this.admin = admin;
    this.topics = topics;
    this.settings = settings;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  /** Ensures the whole catalogue; see {@link #ensure(Admin, List, TopicSettings, Duration)}. */
  public static void ensure(Admin admin, TopicSettings settings, Duration patience) {
    ensure(admin, Topics.all(), settings, patience);
  }

  /**
   * @param patience how long to wait for the broker and for leaders, altogether
   * @throws ConfigException if a topic exists with another number of partitions or another cleanup
   *     policy, or cannot be created as asked
   * @throws RetriableException if the broker does not answer, or leaders are missing, within the
   *     patience
   */
  public static void ensure(
      Admin admin, List<Topic> topics, TopicSettings settings, Duration patience) {
    TopicAdmin run = new TopicAdmin(admin, topics, settings, patience);
    run.create();
    run.awaitLeaders();
    run.checkPartitions();
    run.checkConfigs();
  }

  private void create() {
    List<NewTopic> wanted =
        topics.stream()
            .map(
                topic ->
                    new NewTopic(
                            topic.name(),
                            settings.partitions(),
                            settings.replicationFactor().shortValue())
                        .configs(topic.config()))
            .toList();
    CreateTopicsOptions options =
        new CreateTopicsOptions().timeoutMs((int) Math.min(remainingMillis(), 30_000));
    for (var creation : admin.createTopics(wanted, options).values().entrySet()) {
      try {
        await(creation.getValue(), "creating topic " + creation.getKey());
        LOG.info("created topic {} with {} partitions", creation.getKey(), settings.partitions());
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case TopicExistsException exists ->
              LOG.debug("topic {} exists", creation.getKey(), exists);
          case InvalidReplicationFactorException tooMany ->
              throw new ConfigException(
                  ("topics.replication_factor: '%d' cannot be used for %s;"
                          + " use at most the number of running brokers")
                      .formatted(settings.replicationFactor(), creation.getKey()),
                  tooMany);
          default -> throw failed("creating topic " + creation.getKey(), e);
        }
      }
    }
  }

  private void awaitLeaders() {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (TopicDescription topic : describe().values()) {
      topic
          .partitions()
          .forEach(
              p -> ends.put(new TopicPartition(topic.name(), p.partition()), OffsetSpec.latest()));
    }
    retrying(
        "waiting for leaders of " + ends.size() + " partitions",
        () -> admin.listOffsets(ends).all());
  }

  private void checkPartitions() {
    List<String> wrong = new ArrayList<>();
    for (TopicDescription topic : describe().values()) {
      if (topic.partitions().size() != settings.partitions()) {
        wrong.add("%s has %d".formatted(topic.name(), topic.partitions().size()));
      }
    }
    if (!wrong.isEmpty()) {
      throw ConfigException.of(
          "topics.partitions",
          settings.partitions(),
          ("%s: set it to what is there, or move to new topics;"
                  + " changing the number would reorder keys")
              .formatted(String.join(", ", wrong.stream().sorted().toList())));
    }
  }

  private void checkConfigs() {
    Map<ConfigResource, Topic> resources = new HashMap<>();
    topics.forEach(
        topic -> resources.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic));
    var configs =
        retrying("reading topic settings", () -> admin.describeConfigs(resources.keySet()).all());
    configs.forEach((resource, config) -> checkConfig(resources.get(resource), config));
  }

  private static void checkConfig(Topic topic, Config actual) {
    topic
        .config()
        .forEach(
            (key, wanted) -> {
              String found = actual.get(key).value();
              if (Objects.equals(found, wanted)) {
                return;
              }
              if (key.equals(CLEANUP_POLICY_CONFIG)) {
                throw ConfigException.of(
                    topic.name() + " " + key,
                    found,
                    "set it to %s, or retention deletes live state".formatted(wanted));
              }
              LOG.warn(
                  "topic {} has {}={}, the catalogue says {}; left as it is",
                  topic.name(),
                  key,
                  found,
                  wanted);
            });
  }

  private Map<String, TopicDescription> describe() {
    List<String> names = topics.stream().map(Topic::name).toList();
    return retrying("describing topics", () -> admin.describeTopics(names).allTopicNames());
  }

  private <T> T retrying(String action, Supplier<KafkaFuture<T>> call) {
    while (true) {
      try {
        return await(call.get(), action);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof org.apache.kafka.common.errors.RetriableException)
            || remainingMillis() <= 0) {
          throw failed(action, e);
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private <T> T await(KafkaFuture<T> future, String action) throws ExecutionException {
    try {
      return future.get(Math.max(1, remainingMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new RetriableException(
          action + " took too long; is the broker running and reachable?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while " + action, e);
    }
  }

  private static RuntimeException failed(String action, ExecutionException e) {
    return e.getCause() instanceof org.apache.kafka.common.errors.RetriableException
        ? new RetriableException(
            "%s failed: %s; is the broker running and reachable?"
                .formatted(action, e.getCause().getMessage()),
            e.getCause())
        : new ConfigException(
            "%s failed: %s; check the kafka: settings and access rights"
                .formatted(action, e.getCause().getMessage()),
            e.getCause());
  }

  private long remainingMillis() {
    return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
  }
}
