package dev.tributary.trainer.pack;

import dev.tributary.foundation.AdapterId;
import java.util.ArrayList;
import java.util.List;

/** A micro-batch that may still take examples. */
final class OpenBatch {

  /**
   * So many within the linger time are bulk, which is learnt better and sooner as a whole. The
   * first second of an import brings some 40, before the Java code on the way is compiled.
   */
  static final int BULK = 16;

  /** So long bulk may keep a batch open: what comes evenly would not be learnt for minutes. */
  private static final int MOST_LINGERS = 32;

  private final AdapterId adapter;
  private final BatchLimits limits;
  private final List<TrainingItem> items = new ArrayList<>();
  private int tokens;

  OpenBatch(AdapterId adapter, BatchLimits limits) {
    this.adapter = adapter;
    this.limits = limits;
  }

  boolean takes(TrainingItem item) {
    return items.isEmpty()
        || (items.size() < limits.maxRecords() && tokens + item.tokenCount() <= limits.maxTokens());
  }

  void add(TrainingItem item) {
    items.add(item);
    tokens += item.tokenCount();
  }

  /** Full by count, or so full that not even one more token fits. */
  boolean isFull() {
    return items.size() >= limits.maxRecords() || tokens >= limits.maxTokens();
  }

  long firstOffset() {
    return items.getFirst().offset();
  }

  /** The last log-append time at which an example still joins, counted anew with more bulk. */
  long lastJoin() {
    return Math.min(
        items.getFirst().timestamp() + MOST_LINGERS * limits.lingerMillis(),
        items.get((items.size() - 1) / BULK * BULK).timestamp() + limits.lingerMillis());
  }

  int size() {
    return items.size();
  }

  MicroBatch close() {
    return new MicroBatch(adapter, items);
  }
}
