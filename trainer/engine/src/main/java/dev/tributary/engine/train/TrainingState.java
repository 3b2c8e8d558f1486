package dev.tributary.engine.train;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Everything that training one adapter goes on from. */
public final class TrainingState {

  private TrainingState() {}

  public static TrainingState fresh(
      BaseModel model, LoraConfig lora, OptimizerConfig optimizer, long seed) {
    throw new UnsupportedOperationException();
  }

  public long step() {
    throw new UnsupportedOperationException();
  }

  public long seed() {
    throw new UnsupportedOperationException();
  }

  public OptimizerConfig optimizer() {
    throw new UnsupportedOperationException();
  }

  /** The adapter itself, not a copy: the next step changes it. */
  public LoraAdapter adapter() {
    throw new UnsupportedOperationException();
  }

  public void write(OutputStream out) throws IOException {
    throw new UnsupportedOperationException();
  }

  public static TrainingState read(InputStream in, BaseModel model) throws IOException {
    throw new UnsupportedOperationException();
  }
}
