package dev.tributary.evaluator.registry;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.health.HealthStatus;
import dev.tributary.schemas.AdapterRelease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tails the compacted topic {@code tributary.releases} into a {@link Registry}, as Kafka Connect's
 * {@code KafkaBasedLog} does for its configuration: one thread reads all partitions from the
 * beginning, without a consumer group, committed lines only.
 *
 * <p>Lines of an adapter share a partition, so they arrive in the order in which they were
 * committed. A line that cannot be read is skipped, logged and counted: the registry must not stop
 * serving for one of them.
 *
 * <p>Life cycle: {@link #start} returns at once; {@link #readToEnd} says when everything written
 * before the call is in the view; {@link #close} ends the thread. All methods may be called from
 * any thread but the listener's.
 */
public final class ReleaseLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseLog.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /**
   * While someone waits for the end: it may lie behind a transaction's marker, which makes no
   * record.
   */
  private static final Duration QUICK_POLL = Duration.ofMillis(10);

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Deserializer<AdapterRelease> deserializer;
  private final ReleaseListener listener;
  private final Registry registry = new Registry();
  private final AtomicLong skippedLines = new AtomicLong();
  private final Queue<CompletableFuture<Void>> newRequests = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile HealthStatus status = HealthStatus.notReady("reading the release log");

  private ReleaseLog(
      String topic,
      KafkaConsumer<byte[], byte[]> consumer,
      Deserializer<AdapterRelease> deserializer,
      ReleaseListener listener) {
    this.topic = topic;
    this.consumer = consumer;
    this.deserializer = deserializer;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("release-log").unstarted(this::run);
  }

  /**
   * Starts to read.
   *
   * @param consumerSettings client settings, such as {@code KafkaSettings.consumer()}; what this
   *     class needs is set over them
   * @param topic the releases topic; it must exist
   * @param deserializer reads the values; used on the log's thread only
   * @param listener told of every line
   */
  public static ReleaseLog start(
      Map<String, Object> consumerSettings,
      String topic,
      Deserializer<AdapterRelease> deserializer,
      ReleaseListener listener) {
    Map<String, Object> settings = new HashMap<>(consumerSettings);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // A broker answers one request of a connection after the other: asking for the end waits for
    // the fetch before it.
    settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    ReleaseLog log = new ReleaseLog(topic, consumer, deserializer, listener);
    log.thread.start();
    return log;
  }

  /** The live view. Empty until the first lines are read; see {@link #readToEnd}. */
  public Registry registry() {
    return registry;
  }

  /** Whether the log was read to its end once and is being followed. */
  public HealthStatus status() {
    return status;
  }

  /** The consumer, for metrics. */
  public Consumer<?, ?> consumer() {
    return consumer;
  }

  /** Lines that could not be read. */
  public long skippedLines() {
    return skippedLines.get();
  }

  /**
   * Completes when every line committed before this call is in the view; fails when the log is
   * closed or broken.
   */
  public CompletableFuture<Void> readToEnd() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    newRequests.add(done);
    if (ended) {
      failRequests(new RetriableException("the release log is not being read: " + status.reason()));
    } else {
      consumer.wakeup();
    }
    return done;
  }

  /**
   * {@link #readToEnd}, waiting.
   *
   * @throws RetriableException when it takes longer than the limit or the log cannot be read
   */
  public void awaitEnd(Duration limit) {
    try {
      readToEnd().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new RetriableException(
          "topic %s could not be read to its end within %d s; is the broker there?"
              .formatted(topic, limit.toSeconds()),
          e);
    } catch (ExecutionException e) {
      throw new RetriableException("topic " + topic + " cannot be read: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while reading topic " + topic, e);
    }
  }

  private void run() {
    List<EndRequest> openRequests = new ArrayList<>();
    try (consumer) {
      Collection<TopicPartition> partitions = assignAll();
      newRequests.add(
          new CompletableFuture<Void>()); // the first reading, which makes the log ready
      while (!closing) {
        try {
          takeRequests(partitions, openRequests);
          answer(openRequests);
          consumer.poll(openRequests.isEmpty() ? POLL : QUICK_POLL).forEach(this::take);
          answer(openRequests);
        } catch (WakeupException e) {
          // A new request or the end: the loop looks at both.
        } catch (org.apache.kafka.common.errors.RetriableException e) {
          LOG.warn("topic {} cannot be read now: {}", topic, e.getMessage());
          status =
              HealthStatus.notReady("topic " + topic + " cannot be read now: " + e.getMessage());
          newRequests.add(new CompletableFuture<Void>()); // ready again once the end is reached
        }
      }
      status = HealthStatus.notReady("the release log is closed");
    } catch (RuntimeException e) {
      LOG.error("topic {} cannot be read any more: {}", topic, e.toString(), e);
      status = HealthStatus.notReady("topic " + topic + " cannot be read: " + e.getMessage());
    } finally {
      ended =
          true; // Before the queue is emptied, so that whoever adds to it later empties it himself.
      RuntimeException why = new RetriableException(status.reason());
      openRequests.forEach(request -> request.done().completeExceptionally(why));
      failRequests(why);
    }
  }

  private Collection<TopicPartition> assignAll() {
    List<TopicPartition> partitions =
        awaitPartitions().stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return partitions;
  }

  private List<PartitionInfo> awaitPartitions() {
    while (true) {
      try {
        return consumer.partitionsFor(topic);
      } catch (WakeupException e) {
        if (closing) {
          return List.of();
        }
      } catch (org.apache.kafka.common.errors.RetriableException e) {
        LOG.warn("topic {} cannot be found yet: {}", topic, e.getMessage());
      }
    }
  }

  private void takeRequests(Collection<TopicPartition> partitions, List<EndRequest> open) {
    while (!newRequests.isEmpty()) {
      // Taken off the queue only once the ends are known: a wake-up in between must not lose it.
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      open.add(new EndRequest(ends, newRequests.remove()));
    }
  }

  private void answer(List<EndRequest> open) {
    for (Iterator<EndRequest> requests = open.iterator(); requests.hasNext(); ) {
      EndRequest request = requests.next();
      if (request.isReached(consumer)) {
        requests.remove();
        status = HealthStatus.up();
        request.done().complete(null);
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> message) {
    if (message.value() == null) {
      return; // A tombstone; the log has none of its own, and an unknown version needs no
      // forgetting.
    }
    ReleaseLine line;
    try {
      AdapterRelease release = deserializer.deserialize(topic, message.headers(), message.value());
      line = new ReleaseLine(release, GateMark.readFrom(message.headers()));
      registry.apply(line);
    } catch (BadRecordException | ConfigException e) {
      skippedLines.incrementAndGet();
      LOG.error(
          "line {} of {}-{} is skipped: {}",
          message.offset(),
          topic,
          message.partition(),
          e.getMessage());
      return;
    }
    try {
      listener.onLine(registry, line);
    } catch (RuntimeException e) {
      LOG.error("a listener of the release log failed on {}: {}", line.name(), e.toString(), e);
    }
  }

  private void failRequests(RuntimeException why) {
    for (CompletableFuture<Void> request = newRequests.poll(); request != null; ) {
      request.completeExceptionally(why);
      request = newRequests.poll();
    }
  }

  /** Ends the thread and frees the consumer. */
  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record EndRequest(Map<TopicPartition, Long> ends, CompletableFuture<Void> done) {

    boolean isReached(KafkaConsumer<byte[], byte[]> consumer) {
      return ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
  }
}
