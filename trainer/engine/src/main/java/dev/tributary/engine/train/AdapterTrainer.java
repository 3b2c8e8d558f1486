package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.engine.optimizer.GradientBlock;
import dev.tributary.engine.peft.lora.LoraAdaptation;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.tensor.GrowingPlan;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;

/**
 * Trains LoRA adapters of one configuration on a frozen base, one optimiser step at a time:
 * language models by their next tokens, classifiers by their classes. Any number of {@link
 * TrainingState}s can take turns. Memory is planned at construction, planned anew if a batch has
 * more tokens, and freed by {@link #close}; other steps allocate none. For one thread.
 *
 * <p>The only dropout is the adapter's own: the base model runs as in evaluation, whatever dropout
 * its {@code config.json} names.
 */
public final class AdapterTrainer implements AutoCloseable {

  private final BaseModel model;
  private final LoraConfig lora;
  private final StepListener listener;
  private final BatchCheck check;
  private final ParameterBlock gradients;
  private final GrowingPlan<Plan> plan;

  /** What depends on the number of tokens. */
  private record Plan(LoraAdaptation adaptation, TrainingPass pass) {}

  /**
   * @param maxTokens most tokens expected in one batch
   */
  public AdapterTrainer(BaseModel model, int maxTokens, LoraConfig lora) {
    this(model, maxTokens, lora, StepListener.NONE);
  }

  /** As the other, and tells when each phase of a step ends. */
  public AdapterTrainer(BaseModel model, int maxTokens, LoraConfig lora, StepListener listener) {
    this.model = model;
    this.lora = lora;
    this.listener = listener;
    this.check = new BatchCheck(model.config());
    this.gradients = ParameterBlock.zeros(LoraAdapter.layout(model.config(), lora));
    this.plan = new GrowingPlan<>("training", maxTokens, this::plan);
  }

  private Plan plan(TensorArena arena, int maxTokens) {
    LoraAdaptation adaptation =
        LoraAdaptation.forTraining(model.config(), model.kernels(), arena, maxTokens, lora);
    adaptation.collectInto(gradients);
    return new Plan(
        adaptation,
        new TrainingPass(
            model.config(),
            model.weights(),
            model.kernels(),
            arena,
            maxTokens,
            adaptation,
            GradientBlock.dense(gradients),
            listener));
  }

  /**
   * One step: the mean loss over everything supervised in the batch goes down.
   *
   * @param state of the same LoRA configuration; changed in place
   * @param sequenceWeights what each sequence counts in the mean, or null for all the same
   * @throws TrainingDivergedException if loss or gradients are not finite; the state is unchanged.
   *     Or if a weight is not finite after the update
   * @throws dev.tributary.foundation.error.BadRecordException {@code too_long}, {@code
   *     unknown_token}, {@code unknown_label} or {@code nothing_supervised}; the state is unchanged
   * @throws dev.tributary.engine.tensor.OutOfNativeMemoryException if the batch has more tokens
   *     than there is memory for; the state is unchanged, and smaller batches can go on
   */
  public StepResult step(TrainingState state, PackedBatch batch, double[] sequenceWeights) {
    return step(state, batch, sequenceWeights, 1);
  }

  /**
   * The same at another rate.
   *
   * @param rate factor on the schedule's learning rate, above 0
   */
  public StepResult step(
      TrainingState state, PackedBatch batch, double[] sequenceWeights, double rate) {
    if (!state.adapter().config().equals(lora)) {
      throw ConfigException.of(
          "lora", state.adapter().config(), "this trainer was planned for " + lora);
    }
    check.check(batch);
    Plan ready = plan.forTokens(batch.tokenCount());
    ready.adaptation.use(state.adapter());
    ready.adaptation.dropFor(state.seed(), state.step());
    return ready.pass.step(state.optimizerState(), List.of(batch), sequenceWeights, rate);
  }

  /** Bytes of native memory planned for activations and gradients of activations. */
  public long plannedBytes() {
    return plan.bytes();
  }

  /** How often a batch had more tokens than planned. */
  public int replans() {
    return plan.replans();
  }

  @Override
  public void close() {
    plan.close();
  }
}
