package dev.tributary.evaluator.gate.statistics;

/**
 * A method to bound the true mean of a population from a sample of it. Implementations are
 * immutable and deterministic.
 */
public sealed interface MeanInterval permits StudentInterval, BootstrapInterval {

  /**
   * @param sample at least two finite values; not changed
   * @param confidence of each bound alone, above 0.5 and below 1
   */
  Interval of(double[] sample, double confidence);

  /** Arithmetic mean. */
  static double mean(double[] sample) {
    double sum = 0;
    for (double value : sample) {
      sum += value;
    }
    return sum / sample.length;
  }

  /** Standard deviation with n − 1 in the denominator. */
  static double deviation(double[] sample) {
    double mean = mean(sample);
    double squares = 0;
    for (double value : sample) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (sample.length - 1));
  }

  /** Refuses samples and confidences no interval can be made of. */
  static void require(double[] sample, double confidence) {
    if (sample.length < 2) {
      throw new IllegalArgumentException("an interval needs two values, got " + sample.length);
    }
    if (!(confidence > 0.5 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be above 0.5 and below 1: " + confidence);
    }
  }
}
