package dev.tributary.engine.kernels.reference;

import dev.tributary.engine.kernels.Activation;

/** The activations and their slopes in double precision. */
final class ReferenceActivation {

  private static final double GELU_SLOPE = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715;

  private ReferenceActivation() {}

  static double value(Activation activation, double x) {
    return switch (activation) {
      case GELU_TANH -> 0.5 * x * (1 + Math.tanh(geluInner(x)));
      case GELU -> x * normalCumulative(x);
      case SILU -> x * sigmoid(x);
      case RELU -> Math.max(x, 0);
      case TANH -> Math.tanh(x);
    };
  }

  static double slope(Activation activation, double x) {
    return switch (activation) {
      case GELU_TANH -> {
        double tanh = Math.tanh(geluInner(x));
        double dInner = GELU_SLOPE * (1 + 3 * GELU_CUBIC * x * x);
        yield 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * dInner;
      }
      case GELU -> normalCumulative(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
      case SILU -> sigmoid(x) * (1 + x * (1 - sigmoid(x)));
      case RELU -> x > 0 ? 1 : 0;
      case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
    };
  }

  private static double geluInner(double x) {
    return GELU_SLOPE * (x + GELU_CUBIC * x * x * x);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /**
   * The standard normal distribution function, to double precision: Taylor's series of the integral
   * near the middle, the continued fraction of Mills' ratio in the tails.
   */
  private static double normalCumulative(double x) {
    double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    double z = Math.abs(x);
    if (z > 5) {
      double fraction = z;
      for (int k = 60; k > 0; k--) {
        fraction = z + k / fraction;
      }
      return x < 0 ? density / fraction : 1 - density / fraction;
    }
    double term = x;
    double sum = x;
    for (int k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return 0.5 + density * sum;
  }
}
