package dev.tributary.engine.score;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.engine.objective.CausalLanguageModelling;
import dev.tributary.engine.objective.SupervisedTokens;
import dev.tributary.engine.peft.lora.AdapterBinding;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.BadRecordException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how well a base model, alone or with an adapter, predicts sequences. Packs as many as
 * fit into one pass. Memory is planned at construction. For one thread.
 */
public final class Scorer implements AutoCloseable {

  private final TensorArena arena;
  private final BatchCheck check;
  private final Transformer transformer;
  private final CausalLanguageModelling objective;
  private final SupervisedTokens supervised;
  private final AdapterBinding binding;
  private final PackedBatch batch;

  /**
   * @param maxTokens most tokens of one pass, and of one sequence
   */
  public Scorer(BaseModel model, int maxTokens) {
    arena = TensorArena.scoped();
    check = new BatchCheck(model.config(), maxTokens);
    transformer =
        Transformer.forInference(
            model.config(), model.weights(), model.kernels(), arena, maxTokens);
    objective =
        new CausalLanguageModelling(
            model.config(), model.weights(), model.kernels(), arena, maxTokens, false);
    supervised = new SupervisedTokens(maxTokens);
    binding = new AdapterBinding(model, maxTokens);
    batch = new PackedBatch(maxTokens, maxTokens);
  }

  /**
   * One score for each example, in order. An example's score does not depend on the others.
   *
   * @param adapterOrNull null scores the base model alone
   * @throws BadRecordException {@code too_long} or {@code unknown_token}
   */
  public List<Score> score(LoraAdapter adapterOrNull, List<TokenizedExample> examples) {
    Adaptation adaptation = binding.bind(adapterOrNull);
    List<Score> scores = new ArrayList<>(examples.size());
    batch.clear();
    for (TokenizedExample example : examples) {
      if (!batch.add(example)) {
        scorePacked(adaptation, scores);
        requireRoom(batch.add(example), example);
      }
    }
    scorePacked(adaptation, scores);
    return scores;
  }

  private void scorePacked(Adaptation adaptation, List<Score> scores) {
    if (batch.isEmpty()) {
      return;
    }
    check.check(batch);
    supervised.select(batch);
    double[] losses = objective.losses(transformer.forward(batch, adaptation), supervised);
    int next = 0;
    for (int s = 0; s < batch.sequenceCount(); s++) {
      int first = next;
      double sum = 0;
      while (next < supervised.count() && supervised.sequence(next) == s) {
        sum += losses[next++];
      }
      scores.add(new Score(next - first, sum));
    }
    batch.clear();
  }

  private void requireRoom(boolean added, TokenizedExample example) {
    if (!added) {
      throw new BadRecordException(
          "too_long",
          "input_ids: %d tokens, but this scorer takes at most %d"
              .formatted(example.length(), batch.maxTokens()));
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
