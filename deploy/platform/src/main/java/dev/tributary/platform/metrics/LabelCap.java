package dev.tributary.platform.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a metric label from taking ever more values: the first ones keep their name, all others
 * share one. Safe for any thread.
 */
public final class LabelCap {

  /** What all values beyond the cap are called. */
  public static final String OTHER = "other";

  private final int max;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /**
   * @param max how many values keep their name
   */
  public LabelCap(int max) {
    this.max = max;
  }

  /**
   * The value itself, or {@link #OTHER} once too many are known. Racing threads may let a few more
   * in.
   */
  public String of(String value) {
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
