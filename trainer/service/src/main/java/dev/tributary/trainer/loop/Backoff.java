package dev.tributary.trainer.loop;

import java.time.Duration;

/** Doubling pauses between attempts: 0.25 s to 15 s. */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private Duration next = FIRST;
  private long until;
  private boolean waiting;

  void fail(long nanoTime) {
    waiting = true;
    until = nanoTime + next.toNanos();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
  }

  void succeed() {
    waiting = false;
    next = FIRST;
  }

  boolean mustWait(long nanoTime) {
    return waiting && nanoTime - until < 0;
  }
}
