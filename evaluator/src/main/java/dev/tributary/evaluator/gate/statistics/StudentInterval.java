package dev.tributary.evaluator.gate.statistics;

/**
 * The paired t interval (W. S. Gosset, 1908): mean ± t(confidence, n − 1)·s/√n. Exact for normal
 * differences, and close to its size for others from a few dozen records on.
 */
public record StudentInterval() implements MeanInterval {

  @Override
  public Interval of(double[] sample, double confidence) {
    MeanInterval.require(sample, confidence);
    double mean = MeanInterval.mean(sample);
    double half =
        StudentT.quantile(confidence, sample.length - 1)
            * MeanInterval.deviation(sample)
            / Math.sqrt(sample.length);
    return new Interval(mean, mean - half, mean + half);
  }
}
