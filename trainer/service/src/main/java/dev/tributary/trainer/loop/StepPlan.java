package dev.tributary.trainer.loop;

/**
 * How a micro-batch is stepped.
 *
 * @param steps optimiser steps per micro-batch, at least 1
 * @param replayShare rehearsed share of the sequences of each step, 0 up to 0.95
 * @param maxTokens tokens of one step, new and rehearsed together
 */
record StepPlan(int steps, double replayShare, int maxTokens) {

  /** How many examples are rehearsed beside so many new ones: at least one, if any share is. */
  int replayCount(int newItems) {
    if (replayShare == 0 || newItems == 0) {
      return 0;
    }
    return (int) Math.max(1, Math.round(newItems * replayShare / (1 - replayShare)));
  }
}
