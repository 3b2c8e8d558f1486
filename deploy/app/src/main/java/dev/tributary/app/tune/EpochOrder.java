package dev.tributary.app.tune;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Goes through the indices of a data set again and again, in a new seeded order each time. For one
 * thread.
 */
final class EpochOrder {

  private final int[] order;
  private final RandomGenerator random;
  private int next;

  EpochOrder(int size, long seed) {
    order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    random = new SplittableRandom(seed);
    next = size;
  }

  /** Whether the next index starts a new epoch. */
  boolean atStart() {
    return next == order.length;
  }

  int next() {
    if (atStart()) {
      shuffle();
      next = 0;
    }
    return order[next++];
  }

  /** Fisher and Yates. */
  private void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }
}
