package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdaptation;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.ConfigException;

/**
 * Trains LoRA adapters of one configuration on a frozen base, one optimiser step at a time. Any
 * number of {@link TrainingState}s can take turns. Memory is planned at construction and freed by
 * {@link #close}; a step allocates none. For one thread.
 *
 * <p>The only dropout is the adapter's own: the base model runs as in evaluation, whatever dropout
 * its {@code config.json} names.
 */
public final class AdapterTrainer implements AutoCloseable {

  private final LoraConfig lora;
  private final TensorArena arena;
  private final LoraAdaptation adaptation;
  private final TrainingPass pass;

  /**
   * @param maxTokens most tokens of one batch
   */
  public AdapterTrainer(BaseModel model, int maxTokens, LoraConfig lora) {
    this(model, maxTokens, lora, StepListener.NONE);
  }

  /** As the other, and tells when each phase of a step ends. */
  public AdapterTrainer(BaseModel model, int maxTokens, LoraConfig lora, StepListener listener) {
    this.lora = lora;
    this.arena = TensorArena.scoped();
    this.adaptation =
        LoraAdaptation.forTraining(model.config(), model.kernels(), arena, maxTokens, lora);
    ParameterBlock gradients = ParameterBlock.zeros(LoraAdapter.layout(model.config(), lora));
    adaptation.collectInto(gradients);
    this.pass =
        new TrainingPass(
            model.config(),
            model.weights(),
            model.kernels(),
            arena,
            maxTokens,
            adaptation,
            gradients,
            listener);
  }

  /**
   * One step: the mean loss over all supervised tokens of the batch goes down.
   *
   * @param state of the same LoRA configuration; changed in place
   * @param sequenceWeights what each sequence's tokens count in the mean, or null for all the same
   * @throws TrainingDivergedException if loss or gradients are not finite; the state is unchanged
   * @throws dev.tributary.foundation.error.BadRecordException {@code too_long}, {@code
   *     unknown_token} or {@code nothing_supervised}; the state is unchanged
   */
  public StepResult step(TrainingState state, PackedBatch batch, double[] sequenceWeights) {
    if (!state.adapter().config().equals(lora)) {
      throw ConfigException.of(
          "lora", state.adapter().config(), "this trainer was planned for " + lora);
    }
    adaptation.use(state.adapter());
    adaptation.dropFor(state.seed(), state.step());
    return pass.step(state.optimizerState(), batch, sequenceWeights);
  }

  /** Bytes of native memory planned for activations and gradients of activations. */
  public long plannedBytes() {
    return arena.bytes();
  }

  @Override
  public void close() {
    arena.close();
  }
}
