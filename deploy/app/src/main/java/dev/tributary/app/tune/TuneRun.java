package dev.tributary.app.tune;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.train.StepResult;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains an adapter, or a whole model, on one data set, batch after batch. As in transformers, the
 * last batch of an epoch may be smaller. For one thread.
 */
public final class TuneRun implements AutoCloseable {

  private final TuneSettings settings;
  private final List<TokenizedExample> examples;
  private final Tuning tuning;

  /** Loads the model and plans memory. */
  public TuneRun(
      ModelTask task, Kernels kernels, TuneSettings settings, List<TokenizedExample> examples) {
    this.settings = settings;
    this.examples = examples;
    OptimizerConfig optimizer = settings.optimizer(steps());
    int maxTokens = longestBatch(examples, settings.batchSize());
    this.tuning =
        settings.full()
            ? new FullTuning(task, kernels, optimizer, maxTokens)
            : new LoraTuning(task, task.load(kernels), settings, optimizer, maxTokens);
  }

  public int steps() {
    return settings.steps(examples.size());
  }

  /**
   * Runs all steps; the same settings, data and model give the same weights.
   *
   * @param onStep sees every step
   */
  public void run(Consumer<StepResult> onStep) {
    PackedBatch batch =
        new PackedBatch(longestBatch(examples, settings.batchSize()), settings.batchSize());
    EpochOrder order = new EpochOrder(examples.size(), settings.seed());
    for (int step = 0; step < steps(); step++) {
      fill(batch, order);
      onStep.accept(tuning.step(batch));
    }
  }

  /** How well what was trained so far predicts these examples, in their order. */
  public List<Score> score(List<TokenizedExample> heldOut) {
    return tuning.score(heldOut);
  }

  /** Writes what was trained: a PEFT adapter, or a Hugging Face model. */
  public void save(Path directory) {
    tuning.save(directory);
  }

  private void fill(PackedBatch batch, EpochOrder order) {
    batch.clear();
    do {
      batch.add(examples.get(order.next()));
    } while (batch.sequenceCount() < settings.batchSize() && !order.atStart());
  }

  /**
   * Tokens of the longest sequences that the examples could put together, so that nothing is
   * planned for lengths that never come.
   */
  static int longestBatch(List<TokenizedExample> examples, int batchSize) {
    return examples.stream()
        .mapToInt(TokenizedExample::length)
        .boxed()
        .sorted(Comparator.reverseOrder())
        .limit(batchSize)
        .mapToInt(Integer::intValue)
        .sum();
  }

  @Override
  public void close() {
    tuning.close();
  }
}
