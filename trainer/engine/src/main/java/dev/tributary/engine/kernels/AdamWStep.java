package dev.tributary.engine.kernels;

/**
 * The numbers of one AdamW update, the same for every value.
 *
 * @param learningRate rate of this step
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the corrected second moment
 * @param weightDecay decoupled: the value is first multiplied by {@code 1 - learningRate *
 *     weightDecay}
 * @param gradientScale what clipping multiplies the gradient by
 * @param step number of this update, from 1; it corrects the moments' bias towards zero
 */
public record AdamWStep(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double gradientScale,
    long step) {

  /** {@code 1 - beta1^step}. */
  public double firstCorrection() {
    return 1 - Math.pow(beta1, step);
  }

  /** {@code sqrt(1 - beta2^step)}. */
  public double secondCorrectionRoot() {
    return Math.sqrt(1 - Math.pow(beta2, step));
  }
}
