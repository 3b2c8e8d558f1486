package dev.tributary.app.tune;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.huggingface.HuggingFaceDirectory;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.train.FullTrainer;
import dev.tributary.engine.train.StepResult;
import java.nio.file.Path;
import java.util.List;

/** All weights of a model; saved as a Hugging Face directory of its own. */
final class FullTuning implements Tuning {

  private final ModelTask task;
  private final FullTrainer trainer;

  FullTuning(ModelTask task, Kernels kernels, OptimizerConfig optimizer, int maxTokens) {
    this.task = task;
    this.trainer =
        new FullTrainer(task.config(), task.readParameters(), kernels, maxTokens, optimizer);
  }

  @Override
  public StepResult step(PackedBatch batch) {
    return trainer.step(batch, null);
  }

  @Override
  public List<Score> score(List<TokenizedExample> examples) {
    try (Scorer scorer = new Scorer(trainer.snapshot("tuned"), TuneRun.longestBatch(examples, 1))) {
      return scorer.score(null, examples);
    }
  }

  @Override
  public void save(Path directory) {
    HuggingFaceDirectory.write(directory, task.directory(), trainer.parameters(), task.labels());
  }

  @Override
  public void close() {
    trainer.close();
  }
}
