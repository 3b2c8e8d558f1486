package dev.tributary.evaluator.score;

import dev.tributary.foundation.error.RetriableException;

/**
 * Lets a service stop within seconds although scoring a suite may take minutes: asked between two
 * batches.
 */
final class Interruption {

  private Interruption() {}

  /**
   * @throws RetriableException when this thread was interrupted; the interrupt stays set
   */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new RetriableException("scoring was interrupted; the candidate will be scored again");
    }
  }
}
