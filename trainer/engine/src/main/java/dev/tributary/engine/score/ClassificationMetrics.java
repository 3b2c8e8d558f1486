package dev.tributary.engine.score;

import dev.tributary.engine.objective.Prediction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often a classifier is right over a data set.
 *
 * @param accuracy share of right predictions, from 0 to 1
 * @param macroF1 mean over the classes of the harmonic mean of precision and recall, as
 *     scikit-learn's {@code f1_score(average="macro", zero_division=0)}: over the classes that
 *     occur as label or prediction, each counting the same
 */
public record ClassificationMetrics(double accuracy, double macroF1) {

  /** How one class fared. */
  private static final class Tally {
    private int right;
    private int labelled;
    private int predicted;

    double f1() {
      return 2.0 * right / (labelled + predicted);
    }
  }

  /** Not a number, both, if there is no prediction. */
  public static ClassificationMetrics of(List<Prediction> predictions) {
    Map<Integer, Tally> tallies = new TreeMap<>();
    int right = 0;
    for (Prediction prediction : predictions) {
      Tally ofLabel = tallies.computeIfAbsent(prediction.label(), label -> new Tally());
      ofLabel.labelled++;
      tallies.computeIfAbsent(prediction.predicted(), label -> new Tally()).predicted++;
      if (prediction.label() == prediction.predicted()) {
        ofLabel.right++;
        right++;
      }
    }
    return new ClassificationMetrics(
        (double) right / predictions.size(),
        tallies.values().stream().mapToDouble(Tally::f1).average().orElse(Double.NaN));
  }
}
