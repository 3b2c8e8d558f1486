package dev.tributary.trainer.learn;

import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.train.StepResult;
import dev.tributary.engine.train.TrainingDivergedException;
import dev.tributary.engine.train.TrainingState;
import dev.tributary.trainer.pack.TrainingItem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** One adapter's training state on the shared engine. */
final class EngineLearner implements AdapterLearner {

  private final EngineLearners engine;
  private final TrainingState state;

  EngineLearner(EngineLearners engine, TrainingState state) {
    this.engine = engine;
    this.state = state;
  }

  @Override
  public StepResult step(List<TrainingItem> items, double rate) {
    try {
      return engine.step(state, items, rate);
    } catch (TrainingDivergedException e) {
      throw new DivergedException(e.getMessage(), e.sequences(), e);
    }
  }

  @Override
  public double[] margins(List<TrainingItem> items) {
    return engine.margins(state, items);
  }

  @Override
  public long step() {
    return state.step();
  }

  @Override
  public void write(OutputStream out) throws IOException {
    state.write(out);
  }

  @Override
  public void export(Path directory) throws IOException {
    try {
      PeftDirectory.write(directory, state.adapter(), engine.baseModel());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
