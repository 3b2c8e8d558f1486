package dev.tributary.engine.train;

/**
 * How far off golden results may be.
 *
 * @param logits absolute
 * @param loss relative, of one pass
 * @param gradients to the largest element of a gradient
 * @param steps relative, of the loss of each of ten steps
 * @param norms relative, of their gradient norms
 * @param trained absolute, of weights after ten steps
 */
record Tolerances(
    double logits, double loss, double gradients, double steps, double norms, double trained) {

  /** What rounding to float32 explains. */
  static final Tolerances FLOAT32 = new Tolerances(1e-5, 1e-5, 1e-4, 1e-4, 1e-3, 2e-4);
}
