package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.objective.SupervisedRows;
import dev.tributary.foundation.error.BadRecordException;

/** What each supervised row counts in the weighted mean that is minimised. */
final class LossWeights {

  private LossWeights() {}

  /**
   * @param sequenceWeights 0 or more for each sequence, or null for all equal
   * @param rowWeights receives weights that sum to 1
   * @throws BadRecordException {@code nothing_supervised} if no row counts
   */
  static void fill(
      PackedBatch batch, SupervisedRows supervised, double[] sequenceWeights, double[] rowWeights) {
    checkWeights(batch, sequenceWeights);
    double total = 0;
    for (int i = 0; i < supervised.count(); i++) {
      rowWeights[i] = sequenceWeights == null ? 1 : sequenceWeights[supervised.sequence(i)];
      total += rowWeights[i];
    }
    if (!(total > 0)) {
      throw new BadRecordException(
          "nothing_supervised",
          "labels: none of the %d sequences has a label and a weight above 0"
              .formatted(batch.sequenceCount()));
    }
    for (int i = 0; i < supervised.count(); i++) {
      rowWeights[i] /= total;
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
