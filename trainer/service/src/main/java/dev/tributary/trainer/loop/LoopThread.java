package dev.tributary.trainer.loop;

import dev.tributary.trainer.checkpoint.TopicTail;
import java.time.Duration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/** Runs a {@link TrainingLoop} on a thread of its own until it is closed or fails. */
final class LoopThread implements AutoCloseable {

  private static final Duration WORKER_LIMIT = Duration.ofMillis(1000);
  private static final Duration LEAVE_LIMIT = Duration.ofSeconds(1);
  private static final Duration QUIET_LIMIT = Duration.ofMillis(1800);
  private static final Duration FORCED_LIMIT = Duration.ofMillis(2700);

  private final TrainingLoop loop;
  private final String topic;
  private final Consumer<?, ?> consumer;
  private final Worker worker;
  private final Transactions transactions;
  private final TopicTail controlTail;
  private final LoopListener listener;
  private final Thread thread;
  private volatile boolean closing;

  LoopThread(
      TrainingLoop loop,
      String topic,
      Consumer<?, ?> consumer,
      Worker worker,
      Transactions transactions,
      TopicTail controlTail,
      LoopListener listener) {
    this.loop = loop;
    this.topic = topic;
    this.consumer = consumer;
    this.worker = worker;
    this.transactions = transactions;
    this.controlTail = controlTail;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("trainer").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      loop.subscribe(topic);
      while (!closing) {
        loop.turn();
      }
    } catch (OffsetOutOfRangeException e) {
      listener.failed(
          new IllegalStateException(
              "offsets %s are no longer in the log; training stops rather than skip records"
                  .formatted(e.offsetOutOfRangePartitions()),
              e));
    } catch (RuntimeException e) {
      if (!closing) {
        listener.failed(e);
      }
    } finally {
      release();
    }
  }

  /** A job under way is dropped: nothing of it counts until it is committed. */
  private void release() {
    Thread.interrupted(); // a client that is closed with the flag set gives up at once
    worker.close(WORKER_LIMIT);
    transactions.close();
    controlTail.close();
    consumer.close(
        CloseOptions.timeout(LEAVE_LIMIT)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      if (!thread.join(QUIET_LIMIT)) {
        thread.interrupt(); // it may be waiting for a broker that does not answer
        thread.join(FORCED_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
