package dev.tributary.ingest.trail;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.platform.health.HealthStatus;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tails examples, held-out records, checkpoints and releases into a {@link Trail}: one thread,
 * committed records only, without a consumer group. Of examples and held-out records only the
 * newest of each partition are read.
 *
 * <p>A record that cannot be read is skipped and logged: those who need it report it. Trouble with
 * Kafka is logged and tried again; until the end was reached once, {@link #status} is not ready.
 */
public final class TrailLog implements AutoCloseable {

  /** Records known at most. */
  public static final int LIMIT = 200_000;

  private static final Logger LOG = LoggerFactory.getLogger(TrailLog.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Set<String> COMPACTED =
      Set.of(Topics.CHECKPOINTS.name(), Topics.RELEASES.name());
  private static final List<String> TOPICS =
      List.of(
          Topics.CHECKPOINTS.name(),
          Topics.RELEASES.name(),
          Topics.EXAMPLES.name(),
          Topics.HELDOUT.name());

  private final Map<String, Object> settings;
  private final Trail trail;
  private final AvroDecoder<TrainingExample> examples;
  private final AvroDecoder<CheckpointPointer> checkpoints;
  private final AvroDecoder<AdapterRelease> releases;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile Consumer<byte[], byte[]> current;
  private volatile HealthStatus status = HealthStatus.notReady("reading the trail of records");

  private TrailLog(Map<String, Object> settings, Trail trail, SchemaRegistry registry) {
    this.settings = settings;
    this.trail = trail;
    this.examples = Contracts.decoder(TrainingExample.class, registry);
    this.checkpoints = Contracts.decoder(CheckpointPointer.class, registry);
    this.releases = Contracts.decoder(AdapterRelease.class, registry);
    this.thread = Thread.ofPlatform().name("trail-log").daemon().unstarted(this::run);
  }

  /**
   * Starts to read; returns at once.
   *
   * @param consumerSettings client settings, such as {@code KafkaSettings.consumer()}; what this
   *     class needs is set over them
   */
  public static TrailLog start(
      Map<String, Object> consumerSettings, Trail trail, SchemaRegistry registry) {
    Map<String, Object> settings = new HashMap<>(consumerSettings);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    TrailLog log = new TrailLog(settings, trail, registry);
    log.thread.start();
    return log;
  }

  /** Whether everything was read once and is being followed. */
  public HealthStatus status() {
    return status;
  }

  /** Ends the thread; waits for it. */
  @Override
  public void close() {
    closing.countDown();
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closesWithin(Duration.ZERO)) {
      Consumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      current = consumer;
      try {
        follow(consumer);
      } catch (WakeupException e) {
        return; // closing
      } catch (KafkaException e) {
        LOG.warn("the trail of records cannot be read now and is read anew", e);
        closesWithin(PAUSE);
      } finally {
        consumer.close(CloseOptions.timeout(PAUSE));
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> ends = seek(consumer);
    boolean caughtUp = false;
    while (!closesWithin(Duration.ZERO)) {
      consumer.poll(POLL).forEach(this::take);
      if (!caughtUp && isReached(consumer, ends)) {
        caughtUp = true;
        status = HealthStatus.up();
      }
    }
  }

  /** Goes to where reading begins; returns where the logs end now. */
  private static Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        TOPICS.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    ends.forEach(
        (partition, end) ->
            consumer.seek(
                partition,
                COMPACTED.contains(partition.topic())
                    ? begins.get(partition)
                    : Math.max(begins.get(partition), end - LIMIT)));
    return ends;
  }

  private static boolean isReached(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void take(ConsumerRecord<byte[], byte[]> message) {
    if (message.value() == null) {
      return;
    }
    try {
      decode(message);
    } catch (BadRecordException e) {
      LOG.warn(
          "record {} of {}-{} is left out of the trail ({}): {}",
          message.offset(),
          message.topic(),
          message.partition(),
          e.reason(),
          e.getMessage());
    }
  }

  private void decode(ConsumerRecord<byte[], byte[]> message) {
    String topic = message.topic();
    if (topic.equals(Topics.CHECKPOINTS.name())) {
      trail.add(checkpoints.decode(message.value()));
    } else if (topic.equals(Topics.RELEASES.name())) {
      trail.add(releases.decode(message.value()));
    } else {
      trail.add(
          examples.decode(message.value()),
          new LogPlace(
              message.partition(), message.offset(), Instant.ofEpochMilli(message.timestamp())),
          topic.equals(Topics.HELDOUT.name()));
    }
  }

  private boolean closesWithin(Duration time) {
    try {
      return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
