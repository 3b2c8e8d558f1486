package dev.tributary.evaluator.serve.record;

import dev.tributary.evaluator.serve.metrics.RecordOutcome;
import dev.tributary.evaluator.serve.metrics.ServeMetrics;
import dev.tributary.schemas.Interaction;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes interactions to Kafka behind the answers' backs, so that a slow or absent broker slows no
 * answer.
 *
 * <p>An interaction holds a place in a bounded buffer until the broker has acknowledged it; what
 * fails in a way that may pass is sent again for as long as the server runs. While the buffer is
 * full, {@link #hasRoom} is false and {@link #record} drops; the configuration says whether the
 * server then answers unrecorded or refuses to answer. Whatever is lost is counted and logged.
 *
 * <p>Safe for any thread. Close waits a moment for what is still on its way, and counts the rest as
 * dropped.
 */
public final class InteractionRecorder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InteractionRecorder.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
  private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Producer<String, Interaction> producer;
  private final String topic;
  private final int capacity;
  private final Semaphore places;
  private final BlockingQueue<Interaction> unsent = new LinkedBlockingQueue<>();
  private final ServeMetrics metrics;
  private final Thread thread;
  private volatile boolean closing;
  private long lastComplaint = System.nanoTime() - COMPLAINT_NANOS;

  /**
   * @param producer taken over and closed; its sends may block, only the recorder's own thread
   *     waits for them
   * @param capacity interactions on their way at once, at least 1
   */
  public InteractionRecorder(
      Producer<String, Interaction> producer, String topic, int capacity, ServeMetrics metrics) {
    this.producer = producer;
    this.topic = topic;
    this.capacity = capacity;
    this.places = new Semaphore(capacity);
    this.metrics = metrics;
    metrics.recorderBacklog(this::backlog);
    this.thread = Thread.ofPlatform().name("interaction-recorder").start(this::run);
  }

  /** Whether an interaction could be taken now. */
  public boolean hasRoom() {
    return places.availablePermits() > 0;
  }

  /** Interactions the broker has not acknowledged. */
  public int backlog() {
    return capacity - places.availablePermits();
  }

  /** Takes an interaction; without room it is dropped and counted. */
  public void record(Interaction interaction) {
    if (places.tryAcquire()) {
      unsent.add(interaction);
    } else {
      lost(RecordOutcome.DROPPED, interaction, "the buffer of %d is full".formatted(capacity));
    }
  }

  private void run() {
    try {
      while (!closing || !unsent.isEmpty()) {
        Interaction next = unsent.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          send(next);
        }
      }
    } catch (InterruptedException e) {
      // close: what is left is counted there
    }
  }

  private void send(Interaction interaction) {
    try {
      producer.send(
          new ProducerRecord<>(topic, interaction.getRequestId(), interaction),
          (metadata, error) -> sent(interaction, error));
    } catch (RuntimeException e) {
      sent(interaction, e);
    }
  }

  private void sent(Interaction interaction, Exception error) {
    if (error == null) {
      places.release();
      metrics.interaction(RecordOutcome.RECORDED);
    } else if (error instanceof RetriableException && !closing) {
      complain("interactions wait for the broker: " + error.getMessage());
      unsent.add(interaction);
    } else {
      places.release();
      lost(RecordOutcome.FAILED, interaction, error.toString());
    }
  }

  private void lost(RecordOutcome outcome, Interaction interaction, String reason) {
    metrics.interaction(outcome);
    complain("interaction %s is not recorded: %s".formatted(interaction.getRequestId(), reason));
  }

  /** At most one line in half a minute; the counter has them all. */
  private synchronized void complain(String text) {
    long now = System.nanoTime();
    if (now - lastComplaint >= COMPLAINT_NANOS) {
      lastComplaint = now;
      LOG.warn("{}", text);
    }
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join(CLOSE_LIMIT);
      thread.interrupt();
      producer.close(CLOSE_LIMIT);
      thread.join(CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Interaction left;
    while ((left = unsent.poll()) != null) {
      lost(RecordOutcome.DROPPED, left, "the server stopped before the broker took it");
    }
  }
}
