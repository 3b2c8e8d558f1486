package dev.tributary.app.bench;

import dev.tributary.app.tune.ModelTask;
import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.train.AdapterTrainer;
import dev.tributary.engine.train.FullTrainer;
import dev.tributary.engine.train.StepListener;
import dev.tributary.engine.train.StepResult;
import dev.tributary.engine.train.TrainingState;

/** Something that takes optimiser steps, whatever it trains. */
interface Learner extends AutoCloseable {

  StepResult step(PackedBatch batch);

  @Override
  void close();

  /** Trains a fresh adapter. */
  static Learner adapter(
      BaseModel model,
      int maxTokens,
      LoraConfig lora,
      OptimizerConfig optimizer,
      long seed,
      StepListener listener) {
    TrainingState state = TrainingState.fresh(model, lora, optimizer, seed);
    AdapterTrainer trainer = new AdapterTrainer(model, maxTokens, lora, listener);
    return new Learner() {
      @Override
      public StepResult step(PackedBatch batch) {
        return trainer.step(state, batch, null);
      }

      @Override
      public void close() {
        trainer.close();
      }
    };
  }

  /** Trains every weight. */
  static Learner full(
      ModelTask task,
      Kernels kernels,
      int maxTokens,
      OptimizerConfig optimizer,
      StepListener listener) {
    FullTrainer trainer =
        new FullTrainer(
            task.config(), task.readParameters(), kernels, maxTokens, optimizer, listener);
    return new Learner() {
      @Override
      public StepResult step(PackedBatch batch) {
        return trainer.step(batch, null);
      }

      @Override
      public void close() {
        trainer.close();
      }
    };
  }
}
