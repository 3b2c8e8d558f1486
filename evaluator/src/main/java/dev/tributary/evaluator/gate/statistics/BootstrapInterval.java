package dev.tributary.evaluator.gate.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The percentile bootstrap (B. Efron, 1979): the mean is taken of many samples drawn with
 * replacement, and the bounds are quantiles of those means. Needs no normality, but is too narrow
 * for fewer than about twenty records. The same seed gives the same bounds.
 *
 * @param resamples samples drawn, at least 100
 * @param seed of the draws
 */
public record BootstrapInterval(int resamples, long seed) implements MeanInterval {

  public BootstrapInterval {
    if (resamples < 100) {
      throw new IllegalArgumentException("a bootstrap needs at least 100 resamples: " + resamples);
    }
  }

  @Override
  public Interval of(double[] sample, double confidence) {
    MeanInterval.require(sample, confidence);
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      double sum = 0;
      for (int draw = 0; draw < sample.length; draw++) {
        sum += sample[random.nextInt(sample.length)];
      }
      means[i] = sum / sample.length;
    }
    Arrays.sort(means);
    return new Interval(
        MeanInterval.mean(sample), quantile(means, 1 - confidence), quantile(means, confidence));
  }

  /** Linear interpolation between order statistics (Hyndman and Fan's type 7, NumPy's default). */
  private static double quantile(double[] sorted, double p) {
    double position = p * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
