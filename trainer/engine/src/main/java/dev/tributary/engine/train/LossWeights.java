package dev.tributary.engine.train;

import dev.tributary.engine.objective.SupervisedRows;
import dev.tributary.foundation.error.BadRecordException;

/**
 * What each supervised row of a batch counts in the weighted mean that is minimised, wherever the
 * batch is cut into parts. Refilled for every batch.
 */
final class LossWeights {

  private double[] sequenceWeightsOrNull;
  private double total;

  /**
   * Begins a batch.
   *
   * @param sequences how many it has
   * @param newSequenceWeights 0 or more for each sequence, or null for all equal
   */
  void begin(int sequences, double[] newSequenceWeights) {
    check(sequences, newSequenceWeights);
    sequenceWeightsOrNull = newSequenceWeights;
    total = 0;
  }

  /**
   * Takes the rows of the next part into account.
   *
   * @param firstSequence of the part, in the batch
   */
  void add(SupervisedRows supervised, int firstSequence) {
    for (int i = 0; i < supervised.count(); i++) {
      total += weight(supervised, i, firstSequence);
    }
  }

  /**
   * Once all parts are added.
   *
   * @throws BadRecordException {@code nothing_supervised} if no row counts
   */
  void requireSome(int sequences) {
    if (!(total > 0)) {
      throw new BadRecordException(
          "nothing_supervised",
          "labels: none of the %d sequences has a label and a weight above 0".formatted(sequences));
    }
  }

  /**
   * The weights of a part's rows; those of all parts sum to 1.
   *
   * @param rowWeights receives them
   */
  void fill(SupervisedRows supervised, int firstSequence, double[] rowWeights) {
    for (int i = 0; i < supervised.count(); i++) {
      rowWeights[i] = weight(supervised, i, firstSequence) / total;
    }
  }

  private double weight(SupervisedRows supervised, int row, int firstSequence) {
    return sequenceWeightsOrNull == null
        ? 1
        : sequenceWeightsOrNull[firstSequence + supervised.sequence(row)];
  }

  private static void check(int sequences, double[] weights) {
    if (weights == null) {
      return;
    }
    if (weights.length < sequences) {
      throw new IllegalArgumentException(
          "%d weights for %d sequences".formatted(weights.length, sequences));
    }
    for (int s = 0; s < sequences; s++) {
      if (!(weights[s] >= 0 && Double.isFinite(weights[s]))) {
        throw new IllegalArgumentException(
            "weight of sequence %d: %s is not 0 or a positive number".formatted(s, weights[s]));
      }
    }
  }
}
