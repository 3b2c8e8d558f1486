package dev.tributary.evaluator.suite;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.recall.KeptAnswers;
import dev.tributary.engine.recall.OwnAnswers.Beginning;
import java.util.List;

/**
 * Asks the base model itself, once, at the first look. Other questions than the trainer rehearses,
 * with as many different answers as there are, and of each the one it is surest of: an answer that
 * hangs on a hair is nothing to hold a candidate to.
 */
public final class AskedBase implements BaseKnowledge {

  private static final int DRAWN = 256;

  private final BaseModel base;
  private final int count;
  private final KeptAnswers kept;
  private final long seed;
  private List<OwnAnswer> answers;

  /**
   * @param base a language model loaded from a directory
   * @param count pairs at most
   * @param kept where they are found again
   */
  public AskedBase(BaseModel base, int count, KeptAnswers kept, long seed) {
    this.base = base;
    this.count = count;
    this.kept = kept;
    this.seed = seed;
  }

  @Override
  public List<OwnAnswer> answers() {
    if (answers == null) {
      answers =
          count == 0
              ? List.of()
              : kept.ask(base, Math.max(DRAWN, count), count, Beginning.USUAL, seed).stream()
                  .map(own -> new OwnAnswer(own.question(), own.answer()))
                  .toList();
    }
    return answers;
  }
}
