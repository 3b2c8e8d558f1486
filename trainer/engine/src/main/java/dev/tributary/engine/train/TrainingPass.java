package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.Objective;
import dev.tributary.engine.objective.SupervisedRows;
import dev.tributary.engine.optimizer.AdamW;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.train.StepListener.Phase;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One optimiser step, whatever is trained: forward, loss, backward, check, clip, update. All memory
 * is planned here, once. For one thread.
 */
final class TrainingPass {

  private final Transformer transformer;
  private final Objective objective;
  private final SupervisedRows supervised;
  private final double[] rowWeights;
  private final AdamW adamW;
  private final Adaptation adaptation;
  private final ParameterBlock gradients;
  private final StepListener listener;

  /**
   * @param maxTokens most tokens of a batch
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
    this.transformer =
        Transformer.forTraining(
            config, weights, kernels, arena, maxTokens, adaptation.lowestLayer());
    this.objective = Objective.of(config, weights, kernels, arena, maxTokens, true);
    this.supervised = new SupervisedRows(maxTokens);
    this.rowWeights = new double[maxTokens];
    this.adamW = new AdamW(kernels);
    this.adaptation = adaptation;
    this.gradients = gradients;
    this.listener = listener;
  }

  /**
   * @param batch checked, and of no more tokens than planned
   * @param sequenceWeights weight of each sequence in the mean loss, or null for equal ones
   * @throws TrainingDivergedException if loss or gradient is not finite, and nothing was updated;
   *     or if a weight is not finite after the update
   */
  StepResult step(OptimizerState state, PackedBatch batch, double[] sequenceWeights) {
    long step = state.step() + 1;
    double lossSum = backward(batch, sequenceWeights, step);
    double norm = adamW.gradientNorm(gradients);
    if (!Double.isFinite(norm)) {
      throw TrainingDivergedException.gradient(step, norm);
    }
    double learningRate = adamW.update(state, gradients, norm);
    if (!adamW.isFinite(state.values())) {
      throw TrainingDivergedException.weights(step);
    }
    listener.ended(Phase.UPDATE);
    return new StepResult(
        state.step(),
        lossSum,
        supervised.count(),
        batch.tokenCount(),
        norm,
        learningRate,
        objective.predictions(supervised));
  }

  /** Fills the gradients; gives the summed loss. */
  double backward(PackedBatch batch, double[] sequenceWeights, long step) {
    objective.select(batch, supervised);
    LossWeights.fill(batch, supervised, sequenceWeights, rowWeights);
    gradients.zero();
    Tensor hidden = transformer.forward(batch, adaptation);
    listener.ended(Phase.FORWARD);
    double[] losses =
        objective.gradient(
            hidden,
            supervised,
            rowWeights,
            adaptation,
            transformer.outputGradient(batch.tokenCount()));
    double lossSum = 0;
    for (int i = 0; i < supervised.count(); i++) {
      lossSum += losses[i];
    }
    listener.ended(Phase.LOSS);
    if (!Double.isFinite(lossSum)) {
      throw TrainingDivergedException.loss(step, lossSum, sequencesBeyondNumbers(losses));
    }
    transformer.backward(batch, adaptation);
    listener.ended(Phase.BACKWARD);
    return lossSum;
  }

  private List<Integer> sequencesBeyondNumbers(double[] losses) {
    return IntStream.range(0, supervised.count())
        .filter(i -> !Double.isFinite(losses[i]))
        .map(supervised::sequence)
        .distinct()
        .boxed()
        .toList();
  }
}
