package dev.tributary.engine.train;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraConfig;

/** Trains adapters. */
public final class AdapterTrainer implements AutoCloseable {

  public AdapterTrainer(BaseModel model, int maxTokens, LoraConfig lora) {}

  public StepResult step(TrainingState state, PackedBatch batch, double[] sequenceWeights) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
