package dev.tributary.evaluator.serve.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a metric label from taking ever more values: the first ones keep their name, all others
 * share one. Any thread.
 */
final class LabelCap {

  static final String OTHER = "other";

  private final int max;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  LabelCap(int max) {
    this.max = max;
  }

  /**
   * The value itself, or {@code other} once too many are known. Racing threads may let a few more
   * in.
   */
  String of(String value) {
    if (known.contains(value)) {
      return value;
    }
    if (known.size() >= max) {
      return OTHER;
    }
    known.add(value);
    return value;
  }
}
