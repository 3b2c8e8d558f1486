package dev.tributary.engine.score;

import dev.tributary.engine.objective.Prediction;
import java.util.Optional;

/**
 * How well a model predicts one sequence.
 *
 * @param supervisedTokens tokens that had a label; of a classifier, 1 if the sequence had a class
 * @param lossSum their summed negative log-likelihood, in nats
 * @param prediction what a classifier said; none from a language model
 */
public record Score(int supervisedTokens, double lossSum, Optional<Prediction> prediction) {

  /** Of a language model. */
  public Score(int supervisedTokens, double lossSum) {
    this(supervisedTokens, lossSum, Optional.empty());
  }

  /** Loss per supervised token or sequence; a language model's exponential is the perplexity. */
  public double meanLoss() {
    return lossSum / supervisedTokens;
  }
}
