package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.engine.optimizer.GradientBlock;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.peft.full.FullAdaptation;
import dev.tributary.engine.tensor.GrowingPlan;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.TensorArena;
import java.util.List;

/**
 * Trains all weights of a model: pre-training and full fine-tuning. Memory is planned at
 * construction, and anew if a sequence or a batch has more tokens. Larger batches go through the
 * model in parts, of whose gradients the step takes the sum: the same step, in less memory. For one
 * thread.
 */
public final class FullTrainer implements AutoCloseable {

  /**
   * Tokens whose activations are kept at once. Weights and gradients cross memory once for each
   * part: with half as many BERT-base took a sixth longer; twice as many take twice the memory.
   */
  private static final int MOST_TOKENS = 512;

  private final ModelConfig config;
  private final Kernels kernels;
  private final StepListener listener;
  private final BatchCheck check;
  private final OptimizerState state;
  private GradientBlock gradients;
  private final MicroBatches microBatches = new MicroBatches(MOST_TOKENS);
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
    this.gradients = gradients(maxTokens);
    int planned = Math.min(maxTokens, MOST_TOKENS);
    this.plan = new GrowingPlan<>("training", planned, this::plan);
  }

  /** A tied table gets a gradient from the head too, in every row. */
  private GradientBlock gradients(int tokens) {
    ParameterLayout layout = parameters().layout();
    boolean tied = !config.family().isEncoder() && config.tiedEmbeddings();
    return tied
        ? GradientBlock.dense(ParameterBlock.zeros(layout))
        : GradientBlock.withTable(layout, tokens);
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
    if (!gradients.hasRowsFor(batch.tokenCount())) {
      gradients = gradients(batch.tokenCount());
      plan.close();
    }
    List<PackedBatch> parts = microBatches.cut(batch);
    return plan.forTokens(MicroBatches.mostTokens(parts)).step(state, parts, sequenceWeights, 1);
  }

  /** How often a sequence had more tokens than planned. */
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
