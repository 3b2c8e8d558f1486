package dev.tributary.evaluator.serve.generate;

import dev.tributary.evaluator.serve.generate.Scheduler.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the answers that wait in a queue, several at once: a new one joins between two steps of the
 * generator as soon as there is room. Ends when the queue is closed and empty.
 */
final class Worker implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final FairQueue<String, Job> queue;
  private final TextGenerator generator;
  private final Watch watch;
  private final List<AnswerInProgress> underWay = new ArrayList<>();

  /** Hears of every answer. Called by several workers. */
  interface Watch {

    /** Whether an answer whose turn has come is to be made. */
    boolean begin(PendingAnswer answer);

    /**
     * An answer is complete, cancelled or failed.
     *
     * @param nanos it took
     */
    void end(PendingAnswer answer, long nanos);
  }

  /**
   * @param generator is closed at the end
   */
  Worker(FairQueue<String, Job> queue, TextGenerator generator, Watch watch) {
    this.queue = queue;
    this.generator = generator;
    this.watch = watch;
  }

  @Override
  public void run() {
    try (generator) {
      while (takeUp()) {
        step();
      }
    } catch (InterruptedException e) {
      LOG.warn("{} was interrupted and ends", Thread.currentThread().getName());
    }
  }

  /** Fills free places; waits for work if there is none. False when there will be none. */
  private boolean takeUp() throws InterruptedException {
    while (generator.size() < generator.maxTexts()) {
      Optional<Job> job = generator.size() == 0 ? queue.take() : queue.poll();
      if (job.isEmpty()) {
        break;
      }
      begin(job.get());
    }
    return generator.size() > 0;
  }

  private void begin(Job job) {
    if (watch.begin(job.answer())) {
      AnswerInProgress answer =
          new AnswerInProgress(job.task(), job.answer(), generator, this::ended);
      underWay.add(answer);
      answer.begin();
    }
  }

  private void step() {
    try {
      generator.step();
    } catch (RuntimeException e) {
      generator.clear();
      List.copyOf(underWay).forEach(answer -> answer.failed(e));
    }
  }

  private void ended(AnswerInProgress answer) {
    underWay.remove(answer);
    watch.end(answer.answer(), answer.nanos());
  }
}
