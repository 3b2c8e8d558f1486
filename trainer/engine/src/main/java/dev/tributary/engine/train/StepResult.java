package dev.tributary.engine.train;

import dev.tributary.engine.objective.Prediction;
import java.util.List;

/**
 * What one optimiser step did.
 *
 * @param step number of steps done, this one included
 * @param lossSum unweighted sum of the loss over what is supervised, in nats, before the update
 * @param supervisedTokens tokens that had a label; of a classifier, sequences that had a class
 * @param tokens tokens that went through the model
 * @param gradNorm global norm of the gradients before clipping
 * @param learningRate the rate applied
 * @param predictions what a classifier said about each sequence, before the update; empty for a
 *     language model
 */
public record StepResult(
    long step,
    double lossSum,
    int supervisedTokens,
    int tokens,
    double gradNorm,
    double learningRate,
    List<Prediction> predictions) {

  public StepResult {
    predictions = List.copyOf(predictions);
  }

  /** Of a language model. */
  public StepResult(
      long step,
      double lossSum,
      int supervisedTokens,
      int tokens,
      double gradNorm,
      double learningRate) {
    this(step, lossSum, supervisedTokens, tokens, gradNorm, learningRate, List.of());
  }

  /** Loss per supervised token or sequence. */
  public double meanLoss() {
    return lossSum / supervisedTokens;
  }
}
