package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few worker threads, each with a generator of its own that makes several answers at once, over
 * one bounded line that takes turns between adapters. Safe for any number of threads; close ends
 * what is under way at its next token.
 */
public final class Scheduler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  /** An answer that waits for its turn. */
  record Job(AnswerTask task, PendingAnswer answer) {}

  private final FairQueue<String, Job> queue;
  private final int places;
  private final List<Thread> workers = new ArrayList<>();
  private final Set<PendingAnswer> underWay = ConcurrentHashMap.newKeySet();

  /**
   * Moving mean of how long an answer takes, in nanoseconds; tells a refused client when to come
   * back.
   */
  private final AtomicLong meanNanos = new AtomicLong();

  private volatile boolean closing;

  /**
   * @param workers threads, each with its own generator
   * @param queueCapacity answers that may wait
   * @param generators makes one generator, called once for each worker, which closes it
   */
  Scheduler(int workers, int queueCapacity, Supplier<TextGenerator> generators) {
    this.queue = new FairQueue<>(queueCapacity);
    int atOnce = 0;
    for (int i = 0; i < workers; i++) {
      TextGenerator generator = generators.get();
      atOnce += generator.maxTexts();
      this.workers.add(
          Thread.ofPlatform()
              .name("generate-" + i)
              .start(new Worker(queue, generator, new Progress())));
    }
    this.places = atOnce;
  }

  /**
   * Workers that run the engine.
   *
   * @param batchSize answers that one worker makes at once
   * @param queueCapacity answers that may wait
   */
  public static Scheduler over(
      BaseModel base, Tokenizer tokenizer, int workers, int batchSize, int queueCapacity) {
    int context = base.config().contextLength();
    return new Scheduler(
        workers,
        queueCapacity,
        () -> new EngineTextGenerator(new BatchGenerator(base, context, batchSize), tokenizer));
  }

  /** Lets a task wait for its turn; empty if too many wait already. */
  public Optional<PendingAnswer> submit(AnswerTask task) {
    PendingAnswer answer = new PendingAnswer();
    return queue.offer(task.line(), new Job(task, answer)) ? Optional.of(answer) : Optional.empty();
  }

  /** Answers that wait for their turn. */
  public int waiting() {
    return queue.size();
  }

  /** Answers being made. */
  public int inFlight() {
    return underWay.size();
  }

  /** When a place in the line should be free: the time one answer takes, shared by the places. */
  public Duration retryAfter() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(meanNanos.get() * (waiting() + 1) / places);
    return Duration.ofSeconds(Math.clamp(seconds, 1, 60));
  }

  @Override
  public void close() {
    closing = true;
    queue.close();
    underWay.forEach(PendingAnswer::cancel);
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    for (Thread worker : workers) {
      join(worker, deadline);
    }
  }

  /** Keeps count of the answers under way. */
  private final class Progress implements Worker.Watch {

    @Override
    public boolean begin(PendingAnswer answer) {
      underWay.add(answer);
      if (!closing && !answer.isCancelled()) {
        return true;
      }
      leave(answer);
      return false;
    }

    @Override
    public void end(PendingAnswer answer, long nanos) {
      meanNanos.accumulateAndGet(nanos, (mean, now) -> mean == 0 ? now : mean + (now - mean) / 8);
      leave(answer);
    }

    private void leave(PendingAnswer answer) {
      if (closing) {
        answer.put(new AnswerEvent.Failed(new RetriableException("the server is stopping")));
      }
      underWay.remove(answer);
    }
  }

  private static void join(Thread worker, long deadline) {
    try {
      if (!worker.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
        LOG.warn("{} still runs; the process ends without it", worker.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
