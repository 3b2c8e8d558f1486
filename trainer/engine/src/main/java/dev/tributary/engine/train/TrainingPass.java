package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.Objective;
import dev.tributary.engine.objective.Prediction;
import dev.tributary.engine.objective.SupervisedRows;
import dev.tributary.engine.optimizer.AdamW;
import dev.tributary.engine.optimizer.GradientBlock;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.train.StepListener.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One optimiser step, whatever is trained: forward, loss and backward of each part of a batch, then
 * check, clip, update. All memory is planned here, once. For one thread.
 */
final class TrainingPass {

  private final Transformer transformer;
  private final Objective objective;
  private final SupervisedRows supervised;
  private final double[] rowWeights;
  private final AdamW adamW;
  private final Adaptation adaptation;
  private final GradientBlock gradients;
  private final StepListener listener;
  private final LossWeights lossWeights = new LossWeights();
  private final List<Prediction> predictions = new ArrayList<>();
  private final List<Integer> diverged = new ArrayList<>();
  private int tokenCount;
  private int supervisedCount;

  /**
   * @param maxTokens most tokens of a part of a batch
   * @param adaptation adds its gradients to {@code gradients}
   */
  TrainingPass(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      Adaptation adaptation,
      GradientBlock gradients,
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
   * @param parts of the batch, checked, each of no more tokens than planned; their gradients are
   *     added up
   * @param sequenceWeights weight of each sequence of the batch in the mean loss, or null for equal
   *     ones
   * @param rate factor on the schedule's learning rate, 1 for none
   * @throws TrainingDivergedException if loss or gradient is not finite, and nothing was updated;
   *     or if a weight is not finite after the update
   */
  StepResult step(
      OptimizerState state, List<PackedBatch> parts, double[] sequenceWeights, double rate) {
    long step = state.step() + 1;
    double lossSum = backward(parts, sequenceWeights, step);
    double norm = adamW.gradientNorm(gradients);
    if (!Double.isFinite(norm)) {
      throw TrainingDivergedException.gradient(step, norm);
    }
    double learningRate = adamW.update(state, gradients, norm, rate);
    if (!adamW.isFinite(state.values())) {
      throw TrainingDivergedException.weights(step);
    }
    listener.ended(Phase.UPDATE);
    return new StepResult(
        state.step(), lossSum, supervisedCount, tokenCount, norm, learningRate, predictions);
  }

  /** Fills the gradients; gives the summed loss. */
  double backward(List<PackedBatch> parts, double[] sequenceWeights, long step) {
    weigh(parts, sequenceWeights);
    gradients.zero();
    predictions.clear();
    diverged.clear();
    double lossSum = 0;
    int firstSequence = 0;
    for (int i = 0; i < parts.size(); i++) {
      PackedBatch part = parts.get(i);
      lossSum += backward(part, firstSequence);
      firstSequence += part.sequenceCount();
    }
    if (!Double.isFinite(lossSum)) {
      throw TrainingDivergedException.loss(step, lossSum, diverged);
    }
    return lossSum;
  }

  /** Adds up what is supervised, before anything is computed. */
  private void weigh(List<PackedBatch> parts, double[] sequenceWeights) {
    int sequences = 0;
    for (int i = 0; i < parts.size(); i++) {
      sequences += parts.get(i).sequenceCount();
    }
    lossWeights.begin(sequences, sequenceWeights);
    tokenCount = 0;
    supervisedCount = 0;
    int firstSequence = 0;
    for (int i = 0; i < parts.size(); i++) {
      PackedBatch part = parts.get(i);
      objective.select(part, supervised);
      lossWeights.add(supervised, firstSequence);
      tokenCount += part.tokenCount();
      supervisedCount += supervised.count();
      firstSequence += part.sequenceCount();
    }
    lossWeights.requireSome(sequences);
  }

  /** Adds a part's gradients, unless a loss is not finite; gives its summed loss. */
  private double backward(PackedBatch part, int firstSequence) {
    objective.select(part, supervised);
    lossWeights.fill(supervised, firstSequence, rowWeights);
    Tensor hidden = transformer.forward(part, adaptation);
    listener.ended(Phase.FORWARD);
    double[] losses =
        objective.gradient(
            hidden,
            supervised,
            rowWeights,
            adaptation,
            transformer.outputGradient(part.tokenCount()));
    double lossSum = 0;
    for (int i = 0; i < supervised.count(); i++) {
      lossSum += losses[i];
    }
    predictions.addAll(objective.predictions(supervised));
    listener.ended(Phase.LOSS);
    if (Double.isFinite(lossSum)) {
      transformer.backward(part, adaptation);
      listener.ended(Phase.BACKWARD);
    } else {
      addSequencesBeyondNumbers(losses, firstSequence);
    }
    return lossSum;
  }

  private void addSequencesBeyondNumbers(double[] losses, int firstSequence) {
    IntStream.range(0, supervised.count())
        .filter(i -> !Double.isFinite(losses[i]))
        .map(i -> firstSequence + supervised.sequence(i))
        .distinct()
        .forEach(diverged::add);
  }
}
