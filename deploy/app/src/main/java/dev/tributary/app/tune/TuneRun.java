package dev.tributary.app.tune;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.train.AdapterTrainer;
import dev.tributary.engine.train.StepResult;
import dev.tributary.engine.train.TrainingState;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains one adapter on one data set, batch after batch. As in transformers, the last batch of an
 * epoch may be smaller.
 */
public final class TuneRun {

  private final BaseModel model;
  private final TuneSettings settings;
  private final List<TokenizedExample> examples;

  public TuneRun(BaseModel model, TuneSettings settings, List<TokenizedExample> examples) {
    this.model = model;
    this.settings = settings;
    this.examples = examples;
  }

  public int steps() {
    return settings.steps(examples.size());
  }

  /**
   * Runs all steps; the same settings, data and model give the same adapter.
   *
   * @param onStep sees every step
   */
  public LoraAdapter run(Consumer<StepResult> onStep) {
    TrainingState state =
        TrainingState.fresh(model, settings.lora(), settings.optimizer(steps()), settings.seed());
    PackedBatch batch = new PackedBatch(longestBatch(), settings.batchSize());
    EpochOrder order = new EpochOrder(examples.size(), settings.seed());
    try (AdapterTrainer trainer = new AdapterTrainer(model, longestBatch(), settings.lora())) {
      for (int step = 0; step < steps(); step++) {
        fill(batch, order);
        onStep.accept(trainer.step(state, batch, null));
      }
    }
    return state.adapter();
  }

  private void fill(PackedBatch batch, EpochOrder order) {
    batch.clear();
    do {
      batch.add(examples.get(order.next()));
    } while (batch.sequenceCount() < settings.batchSize() && !order.atStart());
  }

  /**
   * Room for the longest sequences the data could put together, so that nothing is planned for
   * lengths that never come.
   */
  private int longestBatch() {
    return examples.stream()
        .mapToInt(TokenizedExample::length)
        .boxed()
        .sorted(Comparator.reverseOrder())
        .limit(settings.batchSize())
        .mapToInt(Integer::intValue)
        .sum();
  }
}
