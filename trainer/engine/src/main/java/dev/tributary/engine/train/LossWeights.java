package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.objective.SupervisedTokens;
import dev.tributary.foundation.error.BadRecordException;

/** What each supervised token counts in the weighted mean that is minimised. */
final class LossWeights {

  private LossWeights() {}

  /**
   * @param sequenceWeights 0 or more for each sequence, or null for all equal
   * @param tokenWeights receives weights that sum to 1
   * @throws BadRecordException {@code nothing_supervised} if no token counts
   */
  static void fill(
      PackedBatch batch,
      SupervisedTokens supervised,
      double[] sequenceWeights,
      double[] tokenWeights) {
    checkWeights(batch, sequenceWeights);
    double total = 0;
    for (int i = 0; i < supervised.count(); i++) {
      tokenWeights[i] = sequenceWeights == null ? 1 : sequenceWeights[supervised.sequence(i)];
      total += tokenWeights[i];
    }
    if (!(total > 0)) {
      throw new BadRecordException(
          "nothing_supervised",
          "labels: no token of the %d sequences has a label and a weight above 0"
              .formatted(batch.sequenceCount()));
    }
    for (int i = 0; i < supervised.count(); i++) {
      tokenWeights[i] /= total;
    }
  }

  private static void checkWeights(PackedBatch batch, double[] sequenceWeights) {
    if (sequenceWeights == null) {
      return;
    }
    if (sequenceWeights.length < batch.sequenceCount()) {
      throw new IllegalArgumentException(
          "%d weights for %d sequences".formatted(sequenceWeights.length, batch.sequenceCount()));
    }
    for (int s = 0; s < batch.sequenceCount(); s++) {
      if (!(sequenceWeights[s] >= 0 && Double.isFinite(sequenceWeights[s]))) {
        throw new IllegalArgumentException(
            "weight of sequence %d: %s is not 0 or a positive number"
                .formatted(s, sequenceWeights[s]));
      }
    }
  }
}
