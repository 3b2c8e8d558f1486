package dev.tributary.evaluator.score;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * One model's scores on the records of a slice.
 *
 * @param losses mean loss per supervised token of each record, in nats, in the order of the
 *     records; not to be changed
 * @param answers those generated, in the order of {@link SliceScores#answered}; empty when this
 *     model was not asked
 */
public record ModelScores(double[] losses, List<Answer> answers) {

  /** No records. */
  public static final ModelScores NONE = new ModelScores(new double[0], List.of());

  public ModelScores {
    answers = List.copyOf(answers);
  }

  /** Mean over records; not a number when there are none. */
  public double meanLoss() {
    return Arrays.stream(losses).average().orElse(Double.NaN);
  }

  /** Share of right answers, 0 to 1; not a number when none was looked at. */
  public double exactMatch() {
    return answers.stream()
        .mapToDouble(answer -> answer.right() ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }

  /** Mean token F1, 0 to 1; not a number when no answer was looked at. */
  public double f1() {
    return answers.stream().mapToDouble(Answer::f1).average().orElse(Double.NaN);
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
        parts.stream().flatMap(part -> part.answers.stream()).toList());
  }
}
