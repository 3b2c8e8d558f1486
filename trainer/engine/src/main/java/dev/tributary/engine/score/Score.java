package dev.tributary.engine.score;

import dev.tributary.engine.objective.Prediction;
import java.util.Optional;

/**
 * How well a model predicts one sequence.
 *
 * @param supervisedTokens tokens that had a label; of a classifier, 1 if the sequence had a class
 * @param lossSum their summed negative log-likelihood, in nats
 * @param margin by how many logits the least sure of its labelled tokens beats every other token:
 *     above 0, a greedy answer is this one to the letter. Infinite if nothing is labelled; a
 *     classifier's is infinite, positive if it is right
 * @param prediction what a classifier said; none from a language model
 */
public record Score(
    int supervisedTokens, double lossSum, double margin, Optional<Prediction> prediction) {

  /** Of a language model. */
  public Score(int supervisedTokens, double lossSum, double margin) {
    this(supervisedTokens, lossSum, margin, Optional.empty());
  }

  /** Loss per supervised token or sequence; a language model's exponential is the perplexity. */
  public double meanLoss() {
    return lossSum / supervisedTokens;
  }
}
