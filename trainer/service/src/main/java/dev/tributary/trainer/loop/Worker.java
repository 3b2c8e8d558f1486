package dev.tributary.trainer.loop;

import dev.tributary.trainer.learn.Learners;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The training thread: does one job at a time while the loop's thread keeps polling Kafka. All
 * methods are called from the loop's thread.
 */
final class Worker {

  private final JobRunner runner;
  private final Learners learners;
  private final LongSupplier nanoTime;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("training").factory());
  private Running running;

  Worker(JobRunner runner, Learners learners, LongSupplier nanoTime) {
    this.runner = runner;
    this.learners = learners;
    this.nanoTime = nanoTime;
    // The first lesson needs them; asking takes seconds, which an idle trainer has.
    thread.submit(learners::ownAnswers);
  }

  /**
   * A job that is over.
   *
   * @param job what was asked
   * @param result what it left; null if it failed
   * @param failure why it failed; null if it did not
   * @param duration how long it took
   */
  record Finished(Job job, JobResult result, Throwable failure, Duration duration) {}

  private record Running(Job job, Future<JobResult> result, long start) {}

  void start(Job job) {
    if (running != null) {
      throw new IllegalStateException("one job at a time");
    }
    running = new Running(job, thread.submit(() -> runner.run(job)), nanoTime.getAsLong());
  }

  boolean isBusy() {
    return running != null;
  }

  /** The job that was under way, once it is over; it is handed out once. */
  Optional<Finished> poll() {
    if (running == null || !running.result.isDone()) {
      return Optional.empty();
    }
    Running over = running;
    running = null;
    Duration duration = Duration.ofNanos(nanoTime.getAsLong() - over.start);
    try {
      return Optional.of(new Finished(over.job, over.result.get(), null, duration));
    } catch (ExecutionException e) {
      return Optional.of(new Finished(over.job, null, e.getCause(), duration));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Finished(over.job, null, e, duration));
    }
  }

  /**
   * Frees the learners once the job under way is over. If that takes longer than the limit, the
   * process is about to end anyway: the thread is left behind, and nothing it does is committed.
   */
  void close(Duration limit) {
    thread.submit(learners::close);
    thread.shutdown();
    try {
      thread.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
