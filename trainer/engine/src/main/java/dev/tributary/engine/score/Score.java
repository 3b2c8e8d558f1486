package dev.tributary.engine.score;

/**
 * How well a model predicts one sequence.
 *
 * @param supervisedTokens tokens that had a label
 * @param lossSum their summed negative log-likelihood, in nats
 */
public record Score(int supervisedTokens, double lossSum) {

  /** Loss per supervised token; its exponential is the perplexity. */
  public double meanLoss() {
    return lossSum / supervisedTokens;
  }
}
