package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.gate.statistics.Interval;
import dev.tributary.evaluator.gate.statistics.MeanInterval;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * Paired differences of two models on the same records (candidate minus other), with bounds on
 * their true mean.
 */
record Comparison(int records, Interval interval, double confidence) {

  static Comparison of(double[] differences, MeanInterval method, double confidence) {
    Interval interval =
        switch (differences.length) {
          case 0 -> new Interval(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
          case 1 ->
              new Interval(differences[0], Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
          default -> method.of(differences, confidence);
        };
    return new Comparison(differences.length, interval, confidence);
  }

  double mean() {
    return interval.mean();
  }

  /** "better by 0.412 nats a token", or "worse by …". */
  String direction() {
    return mean() <= 0 ? "better by " + nats(-mean()) : "worse by " + nats(mean());
  }

  /** "at most 0.012 worse with 95 % confidence": the bound that decides. */
  String upperBound() {
    String bound =
        interval.high() <= 0
            ? String.format(Locale.ROOT, "at least %.3f better", -interval.high())
            : String.format(Locale.ROOT, "at most %.3f worse", interval.high());
    return bound + " with " + percent(confidence) + " confidence";
  }

  /**
   * About how many records it would take for the upper bound to come below the margin, if mean and
   * spread stay as they are: the half width falls with the root of the count.
   */
  long recordsNeeded(double margin) {
    double half = interval.high() - mean();
    double gap = margin - mean();
    return (long) Math.ceil(records * (half / gap) * (half / gap));
  }

  static String nats(double value) {
    return String.format(Locale.ROOT, "%.3f nats a token", value);
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
  }
}
