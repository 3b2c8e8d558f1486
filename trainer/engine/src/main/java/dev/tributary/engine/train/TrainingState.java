package dev.tributary.engine.train;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Everything that training one adapter goes on from: its weights, AdamW's moments, the number of
 * steps done and the seed. There is no other state: what a step drops is a hash of seed, step and
 * place. Equal states are equal bytes, and go on to equal states.
 *
 * <p>Only one {@link AdapterTrainer} at a time may step it.
 */
public final class TrainingState {

  private final String modelFingerprint;
  private final LoraAdapter adapter;
  private final OptimizerState optimizer;
  private final long seed;

  TrainingState(String modelFingerprint, LoraAdapter adapter, OptimizerState optimizer, long seed) {
    this.modelFingerprint = modelFingerprint;
    this.adapter = adapter;
    this.optimizer = optimizer;
    this.seed = seed;
  }

  /** Before the first step: an adapter that changes nothing yet. */
  public static TrainingState fresh(
      BaseModel model, LoraConfig lora, OptimizerConfig optimizer, long seed) {
    return startingFrom(model, LoraAdapter.fresh(model, lora, seed), optimizer, seed);
  }

  /** Goes on training an adapter, for instance an imported one, with zero moments at step 0. */
  public static TrainingState startingFrom(
      BaseModel model, LoraAdapter adapter, OptimizerConfig optimizer, long seed) {
    return new TrainingState(
        model.fingerprint(), adapter, OptimizerState.fresh(optimizer, adapter.parameters()), seed);
  }

  /** Steps done. */
  public long step() {
    return optimizer.step();
  }

  public long seed() {
    return seed;
  }

  public OptimizerConfig optimizer() {
    return optimizer.config();
  }

  /** The adapter itself, not a copy: the next step changes it. */
  public LoraAdapter adapter() {
    return adapter;
  }

  /** {@link BaseModel#fingerprint} of the base model the adapter belongs to. */
  public String modelFingerprint() {
    return modelFingerprint;
  }

  OptimizerState optimizerState() {
    return optimizer;
  }

  /**
   * Writes the state in the format of {@link TrainingStateFormat}. Equal states give equal bytes.
   */
  public void write(OutputStream out) throws IOException {
    TrainingStateFormat.write(this, out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param model the base model the adapter belongs to
   * @throws dev.tributary.foundation.error.CorruptArtifactException if the bytes are damaged, cut
   *     off, of an unknown version, or do not fit the model
   */
  public static TrainingState read(InputStream in, BaseModel model) throws IOException {
    return TrainingStateFormat.read(in, model);
  }
}
