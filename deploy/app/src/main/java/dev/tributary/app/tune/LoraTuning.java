package dev.tributary.app.tune;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.huggingface.HuggingFaceLabels;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.train.AdapterTrainer;
import dev.tributary.engine.train.StepResult;
import dev.tributary.engine.train.TrainingState;
import java.nio.file.Path;
import java.util.List;

/**
 * A LoRA adapter on a frozen model; saved as a PEFT directory, a classifier's classes beside it.
 */
final class LoraTuning implements Tuning {

  private final ModelTask task;
  private final BaseModel model;
  private final TrainingState state;
  private final AdapterTrainer trainer;

  LoraTuning(
      ModelTask task,
      BaseModel model,
      TuneSettings settings,
      OptimizerConfig optimizer,
      int maxTokens) {
    this.task = task;
    this.model = model;
    this.state = TrainingState.fresh(model, settings.lora(), optimizer, settings.seed());
    this.trainer = new AdapterTrainer(model, maxTokens, settings.lora());
  }

  @Override
  public StepResult step(PackedBatch batch) {
    return trainer.step(state, batch, null);
  }

  @Override
  public List<Score> score(List<TokenizedExample> examples) {
    try (Scorer scorer = new Scorer(model, TuneRun.longestBatch(examples, 1))) {
      return scorer.score(state.adapter(), examples);
    }
  }

  @Override
  public void save(Path directory) {
    PeftDirectory.write(directory, state.adapter(), model.name());
    task.labels().ifPresent(labels -> HuggingFaceLabels.writeBesideAdapter(directory, labels));
  }

  @Override
  public void close() {
    trainer.close();
  }
}
