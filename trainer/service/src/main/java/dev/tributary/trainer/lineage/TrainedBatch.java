package dev.tributary.trainer.lineage;

import dev.tributary.trainer.pack.TrainingItem;
import java.util.List;

/**
 * What the optimiser steps of one micro-batch did.
 *
 * @param trained the new examples that were trained; superseded ones are left out
 * @param notLearnt what is not answered as told although the budget is spent: of these, or other
 *     wordings of facts they correct
 * @param newItems sequences stepped that came from the micro-batch, counted in every step
 * @param replayedItems sequences stepped that came from the replay buffer, counted in every step
 * @param tokens tokens stepped
 * @param lossSum summed loss over all supervised tokens of all steps, in nats
 * @param supervisedTokens tokens that sum is over
 */
public record TrainedBatch(
    List<TrainingItem> trained,
    List<TrainingItem> notLearnt,
    long newItems,
    long replayedItems,
    long tokens,
    double lossSum,
    long supervisedTokens) {

  public TrainedBatch {
    trained = List.copyOf(trained);
    notLearnt = List.copyOf(notLearnt);
  }

  /** Loss per supervised token, in nats; 0 if nothing was supervised. */
  public double meanLoss() {
    return supervisedTokens == 0 ? 0 : lossSum / supervisedTokens;
  }
}
