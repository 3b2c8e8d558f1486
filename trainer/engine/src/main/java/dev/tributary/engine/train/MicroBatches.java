package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts batches into parts of whole sequences, in order, so that activations need memory for a part
 * only; the parts' gradients are added up (gradient accumulation). Where a batch is cut depends on
 * the lengths of its sequences and on the limit alone. For one thread.
 */
final class MicroBatches {

  private final int mostTokens;
  private final List<PackedBatch> parts = new ArrayList<>();
  private int used;

  /**
   * @param mostTokens of a part, unless it is a single longer sequence
   */
  MicroBatches(int mostTokens) {
    this.mostTokens = mostTokens;
  }

  /** The parts of a batch; valid until the next one is cut. */
  List<PackedBatch> cut(PackedBatch batch) {
    if (batch.tokenCount() <= mostTokens) {
      return List.of(batch);
    }
    used = 0;
    PackedBatch part = null;
    for (int s = 0; s < batch.sequenceCount(); s++) {
      int length = batch.sequenceStarts()[s + 1] - batch.sequenceStarts()[s];
      if (part == null || part.tokenCount() + length > mostTokens) {
        part = next(length);
      }
      part.addFrom(batch, s);
    }
    return parts.subList(0, used);
  }

  /** Tokens of the largest part. */
  static int mostTokens(List<PackedBatch> parts) {
    int most = 0;
    for (int i = 0; i < parts.size(); i++) {
      most = Math.max(most, parts.get(i).tokenCount());
    }
    return most;
  }

  /** An empty part with room for a first sequence of that length. */
  private PackedBatch next(int length) {
    if (used == parts.size()) {
      parts.add(new PackedBatch(Math.max(mostTokens, length), mostTokens));
    } else if (parts.get(used).maxTokens() < length) {
      parts.set(used, new PackedBatch(length, mostTokens));
    }
    PackedBatch part = parts.get(used++);
    part.clear();
    return part;
  }
}
