package dev.tributary.trainer.pack;

import dev.tributary.foundation.AdapterId;
import java.util.List;

/**
 * New examples of one adapter that are trained together.
 *
 * @param adapter whose they are
 * @param items in log order, at least one
 */
public record MicroBatch(AdapterId adapter, List<TrainingItem> items) {

  public MicroBatch {
    items = List.copyOf(items);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("a micro-batch needs at least one example");
    }
  }

  /** Offset of its first example. */
  public long firstOffset() {
    return items.getFirst().offset();
  }

  /** The offset after its last example: everything of the adapter before it is trained with it. */
  public long nextOffset() {
    return items.getLast().offset() + 1;
  }

  public int tokenCount() {
    return items.stream().mapToInt(TrainingItem::tokenCount).sum();
  }
}
