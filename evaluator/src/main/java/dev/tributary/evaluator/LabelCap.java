package dev.tributary.evaluator;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a metric label from taking ever more values: the first ones keep their name, all others
 * share one. Any thread.
 */
final class LabelCap {

  private static final String OTHER = "other";

  private final int max;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  LabelCap(int max) {
    this.max = max;
  }

  String of(String value) {
    if (known.contains(value)) {
      return value;
    }
    return known.size() < max && known.add(value) ? value : OTHER;
  }
}
