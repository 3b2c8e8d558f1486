package dev.tributary.engine.score;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.List;

/** Scores sequences. */
public final class Scorer implements AutoCloseable {

  public Scorer(BaseModel model, int maxTokens) {}

  /** One score for each example, in order. */
  public List<Score> score(LoraAdapter adapterOrNull, List<TokenizedExample> examples) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
