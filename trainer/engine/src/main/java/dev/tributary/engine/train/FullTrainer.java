package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.peft.full.FullAdaptation;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.TensorArena;

/**
 * Trains all weights of a model: pre-training and full fine-tuning. Works on its own copy, so the
 * model it starts from stays as it is. For one thread.
 */
public final class FullTrainer implements AutoCloseable {

  private final BaseModel start;
  private final TensorArena arena;
  private final OptimizerState state;
  private final TrainingPass pass;

  /**
   * @param start where the weights come from
   * @param maxTokens most tokens of one batch
   */
  public FullTrainer(BaseModel start, int maxTokens, OptimizerConfig optimizer) {
    this(start, maxTokens, optimizer, StepListener.NONE);
  }

  /** As the other, and tells when each phase of a step ends. */
  public FullTrainer(
      BaseModel start, int maxTokens, OptimizerConfig optimizer, StepListener listener) {
    this.start = start;
    this.arena = TensorArena.scoped();
    this.state = OptimizerState.fresh(optimizer, start.parameters().copy());
    ModelConfig config = start.config();
    ParameterBlock gradients = ParameterBlock.zeros(state.values().layout());
    this.pass =
        new TrainingPass(
            config,
            ModelWeights.of(config, state.values()),
            start.kernels(),
            arena,
            maxTokens,
            new FullAdaptation(config, start.kernels(), gradients),
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
        name,
        start.config(),
        (weight, target) -> target.copyFrom(state.values().get(weight)),
        start.kernels());
  }

  @Override
  public void close() {
    arena.close();
  }
}
