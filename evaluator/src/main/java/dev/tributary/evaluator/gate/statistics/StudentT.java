package dev.tributary.evaluator.gate.statistics;

/** Student's t distribution. */
final class StudentT {

  private static final int BISECTIONS = 200;

  private StudentT() {}

  /** P(T &le; t): 1 − I_{ν/(ν+t²)}(ν/2, 1/2)/2 for t &ge; 0 (Abramowitz and Stegun 26.7.1). */
  static double cumulative(double t, double degreesOfFreedom) {
    double x = degreesOfFreedom / (degreesOfFreedom + t * t);
    double tail = 0.5 * IncompleteBeta.regularized(degreesOfFreedom / 2, 0.5, x);
    return t >= 0 ? 1 - tail : tail;
  }

  /**
   * The t below which a share {@code p} lies, by bisection of {@link #cumulative}.
   *
   * @param p above 0, below 1
   * @param degreesOfFreedom above 0
   */
  static double quantile(double p, double degreesOfFreedom) {
    if (!(p > 0 && p < 1) || !(degreesOfFreedom > 0)) {
      throw new IllegalArgumentException(
          "no t quantile for p=%s with %s degrees of freedom".formatted(p, degreesOfFreedom));
    }
    if (p < 0.5) {
      return -quantile(1 - p, degreesOfFreedom);
    }
    double high = 1;
    while (cumulative(high, degreesOfFreedom) < p) {
      high *= 2;
    }
    double low = 0;
    for (int i = 0; i < BISECTIONS && high - low > Math.ulp(high); i++) {
      double middle = (low + high) / 2;
      if (cumulative(middle, degreesOfFreedom) < p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
