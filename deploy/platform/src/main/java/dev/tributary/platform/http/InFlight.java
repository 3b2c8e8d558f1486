package dev.tributary.platform.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts the requests under way, so that a stop can wait for them. */
final class InFlight {

  private static final int MANY = 1 << 24;

  private final Semaphore free = new Semaphore(MANY);

  void begin() {
    free.acquireUninterruptibly();
  }

  void end() {
    free.release();
  }

  /** Waits until none is under way; false when some still are after the limit. */
  boolean awaitNone(Duration limit) {
    try {
      if (!free.tryAcquire(MANY, limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    free.release(MANY);
    return true;
  }
}
