package dev.tributary.app.tune;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.train.StepResult;
import java.nio.file.Path;
import java.util.List;

/** What is trained in a run: an adapter, or the whole model. For one thread. */
interface Tuning extends AutoCloseable {

  /** One optimiser step. */
  StepResult step(PackedBatch batch);

  /** How well what was trained predicts these examples. */
  List<Score> score(List<TokenizedExample> examples);

  /** Writes what was trained where other tools load it. */
  void save(Path directory);

  @Override
  void close();
}
