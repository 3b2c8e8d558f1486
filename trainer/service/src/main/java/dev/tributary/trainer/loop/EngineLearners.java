package dev.tributary.trainer.loop;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.train.AdapterTrainer;
import dev.tributary.engine.train.StepResult;
import dev.tributary.engine.train.TrainingState;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.trainer.pack.TrainingItem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learners on Tributary's own engine: one frozen base model, one planned piece of memory, and a
 * small training state for each adapter. Learners are stepped on one thread, which also closes
 * this.
 */
final class EngineLearners implements Learners {

  private static final Logger LOG = LoggerFactory.getLogger(EngineLearners.class);

  private final BaseModel base;
  private final LoraConfig lora;
  private final OptimizerConfig optimizer;
  private final int maxTokens;
  private AdapterTrainer trainer;

  /**
   * @param maxTokens tokens of one step at most
   */
  EngineLearners(BaseModel base, LoraConfig lora, OptimizerConfig optimizer, int maxTokens) {
    this.base = base;
    this.lora = lora;
    this.optimizer = optimizer;
    this.maxTokens = maxTokens;
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
  StepResult step(TrainingState state, List<TrainingItem> items) {
    if (trainer == null) {
      trainer = new AdapterTrainer(base, maxTokens, lora);
    }
    List<TokenizedExample> sequences = items.stream().map(TrainingItem::tokens).toList();
    return trainer.step(state, PackedBatch.of(sequences), weights(items));
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
  }
}
