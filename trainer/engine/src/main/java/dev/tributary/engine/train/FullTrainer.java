package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.peft.full.FullAdaptation;
import dev.tributary.engine.tensor.GrowingPlan;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.TensorArena;

/**
 * Trains all weights of a model: pre-training and full fine-tuning. Memory is planned at
 * construction, and anew if a batch has more tokens. For one thread.
 */
public final class FullTrainer implements AutoCloseable {

  private final ModelConfig config;
  private final Kernels kernels;
  private final StepListener listener;
  private final BatchCheck check;
  private final OptimizerState state;
  private final ParameterBlock gradients;
  private final GrowingPlan<TrainingPass> plan;

  /**
   * @param parameters where training starts, and what it changes, laid out as {@link
   *     dev.tributary.engine.model.ModelLayout#of}
   * @param maxTokens most tokens expected in one batch
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
    this.listener = listener;
    this.check = new BatchCheck(config);
    this.state = OptimizerState.fresh(optimizer, parameters);
    this.gradients = ParameterBlock.zeros(parameters.layout());
    this.plan = new GrowingPlan<>("training", maxTokens, this::plan);
  }

  private TrainingPass plan(TensorArena arena, int maxTokens) {
    return new TrainingPass(
        config,
        ModelWeights.of(config, state.values()),
        kernels,
        arena,
        maxTokens,
        new FullAdaptation(config, kernels, gradients),
        gradients,
        listener);
  }

  /** As {@link AdapterTrainer#step}, on the trainer's own state. */
  public StepResult step(PackedBatch batch, double[] sequenceWeights) {
    check.check(batch);
    return plan.forTokens(batch.tokenCount()).step(state, batch, sequenceWeights);
  }

  /** How often a batch had more tokens than planned. */
  public int replans() {
    return plan.replans();
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
    plan.close();
  }
}
