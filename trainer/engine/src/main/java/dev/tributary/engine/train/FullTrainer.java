package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.peft.full.FullAdaptation;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.TensorArena;

/** Trains all weights of a model: pre-training and full fine-tuning. For one thread. */
public final class FullTrainer implements AutoCloseable {

  private final ModelConfig config;
  private final Kernels kernels;
  private final TensorArena arena;
  private final OptimizerState state;
  private final TrainingPass pass;

  /**
   * @param parameters where training starts, and what it changes, laid out as {@link
   *     dev.tributary.engine.model.ModelLayout#of}
   * @param maxTokens most tokens of one batch
   */
  public FullTrainer(
      ModelConfig config,
      ParameterBlock parameters,
      Kernels kernels,
      int maxTokens,
      OptimizerConfig optimizer) {
    this(config, parameters, kernels, maxTokens, optimizer, StepListener.NONE);
  }

  /** As the other, and tells when each phase of a step ends. */
  public FullTrainer(
      ModelConfig config,
      ParameterBlock parameters,
      Kernels kernels,
      int maxTokens,
      OptimizerConfig optimizer,
      StepListener listener) {
    this.config = config;
    this.kernels = kernels;
    this.arena = TensorArena.scoped();
    this.state = OptimizerState.fresh(optimizer, parameters);
    ParameterBlock gradients = ParameterBlock.zeros(parameters.layout());
    this.pass =
        new TrainingPass(
            config,
            ModelWeights.of(config, parameters),
            kernels,
            arena,
            maxTokens,
            new FullAdaptation(config, kernels, gradients),
            gradients,
            listener);
  }

  /** As {@link AdapterTrainer#step}, on the trainer's own state. */
  public StepResult step(PackedBatch batch, double[] sequenceWeights) {
    return pass.step(state, batch, sequenceWeights);
  }

  /** The weights under training, by name; the next step changes them. */
  public ParameterBlock parameters() {
    return state.values();
  }

  /** A model of the weights as they are now. */
  public BaseModel snapshot(String name) {
    return BaseModel.create(
        name, config, (weight, target) -> target.copyFrom(state.values().get(weight)), kernels);
  }

  @Override
  public void close() {
    arena.close();
  }
}
