package dev.tributary.trainer.learn;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.recall.OwnAnswer;
import dev.tributary.engine.recall.UserTurn;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.engine.train.AdapterTrainer;
import dev.tributary.engine.train.StepResult;
import dev.tributary.engine.train.TrainingState;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.fact.Question;
import dev.tributary.trainer.pack.Claim;
import dev.tributary.trainer.pack.TrainingItem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learners on Tributary's own engine: one frozen base model, one planned piece of memory, and a
 * small training state for each adapter. Learners are stepped on one thread, which also closes
 * this.
 */
public final class EngineLearners implements Learners {

  private static final Logger LOG = LoggerFactory.getLogger(EngineLearners.class);
  private static final String RECALL_SLICE = "(recall)";

  private final BaseModel base;
  private final LoraConfig lora;
  private final OptimizerConfig optimizer;
  private final int maxTokens;
  private final Supplier<List<OwnAnswer>> ownAnswers;
  private AdapterTrainer trainer;
  private Scorer scorer;
  private List<TrainingItem> known;

  /**
   * @param maxTokens tokens of one step at most
   * @param ownAnswers what the base knows; asked for once, on the thread that trains
   */
  public EngineLearners(
      BaseModel base,
      LoraConfig lora,
      OptimizerConfig optimizer,
      int maxTokens,
      Supplier<List<OwnAnswer>> ownAnswers) {
    this.base = base;
    this.lora = lora;
    this.optimizer = optimizer;
    this.maxTokens = maxTokens;
    this.ownAnswers = ownAnswers;
  }

  @Override
  public AdapterLearner fresh(long seed) {
    return new EngineLearner(this, TrainingState.fresh(base, lora, optimizer, seed));
  }

  @Override
  public AdapterLearner restore(byte[] state) throws IOException {
    TrainingState restored = TrainingState.read(new ByteArrayInputStream(state), base);
    if (!restored.adapter().config().equals(lora)) {
      throw new ConfigException(
          "trainer: the configuration says %s but the adapter was trained with %s; set it back, or use a new adapter id"
              .formatted(lora, restored.adapter().config()));
    }
    if (!restored.optimizer().equals(optimizer)) {
      LOG.warn(
          "an adapter keeps the optimiser settings it began with, {}; configured is {}",
          restored.optimizer(),
          optimizer);
    }
    return new EngineLearner(this, restored);
  }

  @Override
  public String baseModel() {
    return base.name();
  }

  @Override
  public String baseModelHash() {
    return base.fingerprint();
  }

  /** One step; memory is planned with the first, on the thread that trains. */
  StepResult step(TrainingState state, List<TrainingItem> items, double rate) {
    if (trainer == null) {
      trainer = new AdapterTrainer(base, maxTokens, lora);
    }
    List<TokenizedExample> sequences = items.stream().map(TrainingItem::tokens).toList();
    return trainer.step(state, PackedBatch.of(sequences), weights(items), rate);
  }

  double[] margins(TrainingState state, List<TrainingItem> items) {
    if (scorer == null) {
      scorer = new Scorer(base, maxTokens);
    }
    return scorer.score(state.adapter(), items.stream().map(TrainingItem::tokens).toList()).stream()
        .mapToDouble(Score::margin)
        .toArray();
  }

  @Override
  public List<TrainingItem> ownAnswers() {
    if (known == null) {
      long start = System.nanoTime();
      known = ownAnswers.get().stream().map(EngineLearners::item).toList();
      LOG.info(
          "{} questions that {} made up and answers surely are rehearsed ({} ms)",
          known.size(),
          base.name(),
          Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
    return known;
  }

  @Override
  public Variation variation() {
    return new Variation(
        UserTurn.of(Tokenizer.load(base.directory()), ChatTemplate.load(base.directory())));
  }

  /**
   * Older than anything that is told, and trusted less. Named by what it says: a memory notes which
   * ones it dropped, and other kernels may put them into another order.
   */
  private static TrainingItem item(OwnAnswer own) {
    return new TrainingItem(
        "own-%016x".formatted(Claim.digest(own.question() + "\n" + own.answer())),
        "",
        -1,
        0,
        RECALL_SLICE,
        Claim.of(null, Question.fold(own.question()), own.answer(), null, false),
        Long.MIN_VALUE,
        0,
        1,
        own.tokens());
  }

  private static double[] weights(List<TrainingItem> items) {
    return items.stream().allMatch(item -> item.weight() == 1)
        ? null
        : items.stream().mapToDouble(TrainingItem::weight).toArray();
  }

  @Override
  public void close() {
    if (trainer != null) {
      trainer.close();
      trainer = null;
    }
    if (scorer != null) {
      scorer.close();
      scorer = null;
    }
  }
}
