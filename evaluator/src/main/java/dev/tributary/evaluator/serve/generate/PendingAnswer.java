package dev.tributary.evaluator.serve.generate;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer on its way from the worker that makes it to the request that asked for it.
 *
 * <p>The worker never waits for a slow reader: events are kept until read, at most one a token and
 * one a choice, so the context length bounds them. One worker, one reader; {@link #cancel} may be
 * called from any thread.
 */
public final class PendingAnswer {

  private final BlockingQueue<AnswerEvent> events = new LinkedBlockingQueue<>();
  private volatile boolean cancelled;

  /** Waits for the next event, at most this long; empty if none came. */
  public Optional<AnswerEvent> next(Duration limit) throws InterruptedException {
    return Optional.ofNullable(events.poll(limit.toNanos(), TimeUnit.NANOSECONDS));
  }

  /**
   * Says that nobody reads this any more; its worker stops at the next token, and a waiting task is
   * never begun.
   */
  public void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void put(AnswerEvent event) {
    events.add(event);
  }
}
