package dev.tributary.engine.train;

/**
 * What one optimiser step did.
 *
 * @param step number of steps done, this one included
 * @param lossSum unweighted sum of the loss over the supervised tokens, in nats, before the update
 * @param supervisedTokens tokens that had a label
 * @param tokens tokens that went through the model
 * @param gradNorm global norm of the gradients before clipping
 * @param learningRate the rate applied
 */
public record StepResult(
    long step,
    double lossSum,
    int supervisedTokens,
    int tokens,
    double gradNorm,
    double learningRate) {

  /** Loss per supervised token. */
  public double meanLoss() {
    return lossSum / supervisedTokens;
  }
}
