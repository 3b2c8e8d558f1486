package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.engine.objective.CausalLanguageModelling;
import dev.tributary.engine.objective.SupervisedTokens;
import dev.tributary.engine.optimizer.AdamW;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.train.StepListener.Phase;

/**
 * One optimiser step, whatever is trained: forward, loss, backward, check, clip, update. All memory
 * is planned here, once. For one thread.
 */
final class TrainingPass {

  private final BatchCheck check;
  private final Transformer transformer;
  private final CausalLanguageModelling objective;
  private final SupervisedTokens supervised;
  private final double[] tokenWeights;
  private final AdamW adamW;
  private final Adaptation adaptation;
  private final ParameterBlock gradients;
  private final StepListener listener;

  /**
   * @param adaptation adds its gradients to {@code gradients}
   */
  TrainingPass(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      Adaptation adaptation,
      ParameterBlock gradients,
      StepListener listener) {
    this.check = new BatchCheck(config, maxTokens);
    this.transformer =
        Transformer.forTraining(
            config, weights, kernels, arena, maxTokens, adaptation.lowestLayer());
    this.objective = new CausalLanguageModelling(config, weights, kernels, arena, maxTokens, true);
    this.supervised = new SupervisedTokens(maxTokens);
    this.tokenWeights = new double[maxTokens];
    this.adamW = new AdamW(kernels);
    this.adaptation = adaptation;
    this.gradients = gradients;
    this.listener = listener;
  }

  /**
   * @param sequenceWeights weight of each sequence's tokens in the mean loss, or null for equal
   *     ones
   * @throws TrainingDivergedException if loss or gradient is not finite; nothing was updated
   */
  StepResult step(OptimizerState state, PackedBatch batch, double[] sequenceWeights) {
    check.check(batch);
    double lossSum = backward(batch, sequenceWeights, state.step() + 1);
    double norm = adamW.gradientNorm(gradients);
    if (!Double.isFinite(norm)) {
      throw new TrainingDivergedException(state.step() + 1, "gradient norm", norm);
    }
    double learningRate = adamW.update(state, gradients, norm);
    listener.ended(Phase.UPDATE);
    return new StepResult(
        state.step(), lossSum, supervised.count(), batch.tokenCount(), norm, learningRate);
  }

  /** Fills the gradients; gives the summed loss. */
  double backward(PackedBatch batch, double[] sequenceWeights, long step) {
    supervised.select(batch);
    LossWeights.fill(batch, supervised, sequenceWeights, tokenWeights);
    gradients.zero();
    Tensor hidden = transformer.forward(batch, adaptation);
    listener.ended(Phase.FORWARD);
    double[] losses =
        objective.gradient(
            hidden,
            supervised,
            tokenWeights,
            adaptation,
            transformer.outputGradient(batch.tokenCount()));
    double lossSum = 0;
    for (int i = 0; i < supervised.count(); i++) {
      lossSum += losses[i];
    }
    listener.ended(Phase.LOSS);
    if (!Double.isFinite(lossSum)) {
      throw new TrainingDivergedException(step, "loss", lossSum);
    }
    transformer.backward(batch, adaptation);
    listener.ended(Phase.BACKWARD);
    return lossSum;
  }
}
