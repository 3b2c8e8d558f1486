package dev.tributary.evaluator.score;

import java.util.Arrays;
import java.util.Collection;

/**
 * One model's scores on the records of a slice.
 *
 * @param losses mean loss per supervised token of each record, in nats, in the order of the
 *     records; not to be changed
 * @param answers quality of the answers generated for some of the records
 */
public record ModelScores(double[] losses, AnswerQuality answers) {

  /** No records. */
  public static final ModelScores NONE = new ModelScores(new double[0], AnswerQuality.NONE);

  /** Mean over records; not a number when there are none. */
  public double meanLoss() {
    return Arrays.stream(losses).average().orElse(Double.NaN);
  }

  /** Whether every loss is a number. */
  public boolean isFinite() {
    return Arrays.stream(losses).allMatch(Double::isFinite);
  }

  /** Record by record, this model's loss minus the other's: below zero where this one is better. */
  public double[] minus(ModelScores other) {
    double[] differences = new double[losses.length];
    Arrays.setAll(differences, i -> losses[i] - other.losses[i]);
    return differences;
  }

  /** The scores on the records of several slices taken together. */
  public static ModelScores concatenate(Collection<ModelScores> parts) {
    return new ModelScores(
        parts.stream().flatMapToDouble(part -> Arrays.stream(part.losses)).toArray(),
        AnswerQuality.average(parts.stream().map(ModelScores::answers).toList()));
  }
}
