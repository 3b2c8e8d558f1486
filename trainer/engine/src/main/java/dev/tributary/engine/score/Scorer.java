package dev.tributary.engine.score;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.engine.objective.Objective;
import dev.tributary.engine.objective.Prediction;
import dev.tributary.engine.objective.SupervisedRows;
import dev.tributary.engine.peft.lora.AdapterBinding;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.tensor.GrowingPlan;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures how well a base model, alone or with an adapter, predicts sequences: the tokens of a
 * language model, the class of a classifier. Packs as many as fit into one pass. Memory is planned
 * at construction, and anew if a sequence alone has more tokens. For one thread.
 */
public final class Scorer implements AutoCloseable {

  private final BaseModel model;
  private final BatchCheck check;
  private final GrowingPlan<Plan> plan;

  /** What depends on the number of tokens. */
  private record Plan(
      Transformer transformer,
      Objective objective,
      SupervisedRows supervised,
      AdapterBinding binding,
      PackedBatch batch) {}

  /**
   * @param maxTokens most tokens of one pass
   */
  public Scorer(BaseModel model, int maxTokens) {
    this.model = model;
    this.check = new BatchCheck(model.config());
    this.plan = new GrowingPlan<>("scoring", maxTokens, this::plan);
  }

  private Plan plan(TensorArena arena, int maxTokens) {
    ModelConfig config = model.config();
    return new Plan(
        Transformer.forInference(config, model.weights(), model.kernels(), arena, maxTokens),
        Objective.of(config, model.weights(), model.kernels(), arena, maxTokens, false),
        new SupervisedRows(maxTokens),
        new AdapterBinding(model, maxTokens),
        new PackedBatch(maxTokens, maxTokens));
  }

  /**
   * One score for each example, in order. An example's score does not depend on the others.
   *
   * @param adapterOrNull null scores the base model alone
   * @throws dev.tributary.foundation.error.BadRecordException {@code too_long}, {@code
   *     unknown_token} or {@code unknown_label}
   * @throws dev.tributary.engine.tensor.OutOfNativeMemoryException if an example has more tokens
   *     than there is memory for
   */
  public List<Score> score(LoraAdapter adapterOrNull, List<TokenizedExample> examples) {
    int longest = 1;
    for (TokenizedExample example : examples) {
      check.checkLength(example.length());
      longest = Math.max(longest, example.length());
    }
    Plan ready = plan.forTokens(longest);
    Adaptation adaptation = ready.binding.bind(adapterOrNull);
    List<Score> scores = new ArrayList<>(examples.size());
    ready.batch.clear();
    for (TokenizedExample example : examples) {
      if (!ready.batch.add(example)) {
        scorePacked(ready, adaptation, scores);
        ready.batch.add(example);
      }
    }
    scorePacked(ready, adaptation, scores);
    return scores;
  }

  private void scorePacked(Plan ready, Adaptation adaptation, List<Score> scores) {
    PackedBatch batch = ready.batch;
    if (batch.isEmpty()) {
      return;
    }
    check.check(batch);
    SupervisedRows supervised = ready.supervised;
    ready.objective.select(batch, supervised);
    double[] losses =
        ready.objective.losses(
            ready.transformer.forward(batch, adaptation), supervised, adaptation);
    List<Prediction> predictions = ready.objective.predictions(supervised);
    int next = 0;
    for (int s = 0; s < batch.sequenceCount(); s++) {
      int first = next;
      double sum = 0;
      double margin = Double.POSITIVE_INFINITY;
      while (next < supervised.count() && supervised.sequence(next) == s) {
        margin = Math.min(margin, margin(ready.objective, predictions, next));
        sum += losses[next++];
      }
      // A classifier has one supervised row for each sequence with a class.
      boolean predicted = !predictions.isEmpty() && next > first;
      scores.add(
          new Score(
              next - first,
              sum,
              margin,
              predicted ? Optional.of(predictions.get(first)) : Optional.empty()));
    }
    batch.clear();
  }

  private static double margin(Objective objective, List<Prediction> predictions, int row) {
    if (predictions.isEmpty()) {
      return objective.margins()[row];
    }
    Prediction prediction = predictions.get(row);
    return prediction.predicted() == prediction.label()
        ? Double.POSITIVE_INFINITY
        : Double.NEGATIVE_INFINITY;
  }

  /** How often a sequence had more tokens than planned. */
  public int replans() {
    return plan.replans();
  }

  @Override
  public void close() {
    plan.close();
  }
}
