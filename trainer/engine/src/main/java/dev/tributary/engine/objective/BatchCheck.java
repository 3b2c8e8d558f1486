package dev.tributary.engine.objective;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.foundation.error.BadRecordException;

/** Refuses what a model cannot take before it touches native memory. */
public final class BatchCheck {

  private final ModelConfig config;
  private final int maxTokens;

  /**
   * @param maxTokens what memory was planned for
   */
  public BatchCheck(ModelConfig config, int maxTokens) {
    this.config = config;
    this.maxTokens = maxTokens;
  }

  /**
   * @throws BadRecordException {@code too_long}, {@code unknown_token}
   * @throws IllegalArgumentException if the batch is empty or larger than planned
   */
  public void check(PackedBatch batch) {
    if (batch.tokenCount() == 0 || batch.tokenCount() > maxTokens) {
      throw new IllegalArgumentException(
          "a batch of %d tokens; memory is planned for 1 to %d"
              .formatted(batch.tokenCount(), maxTokens));
    }
    for (int s = 0; s < batch.sequenceCount(); s++) {
      checkLength(batch.sequenceStarts()[s + 1] - batch.sequenceStarts()[s]);
    }
    for (int i = 0; i < batch.tokenCount(); i++) {
      checkToken("input_ids", batch.tokens()[i]);
      if (batch.labels()[i] != TokenizedExample.IGNORED) {
        checkToken("labels", batch.labels()[i]);
      }
    }
  }

  /**
   * @throws BadRecordException {@code too_long} if the context is shorter
   */
  public void checkLength(int length) {
    if (length > config.contextLength()) {
      throw new BadRecordException(
          "too_long",
          "input_ids: %d tokens, but the model's context holds %d"
              .formatted(length, config.contextLength()));
    }
  }

  /**
   * @throws BadRecordException {@code unknown_token} if the vocabulary has no such id
   */
  public void checkToken(String field, int token) {
    if (token < 0 || token >= config.vocabularySize()) {
      throw new BadRecordException(
          "unknown_token",
          "%s: %d is outside the vocabulary of %d tokens"
              .formatted(field, token, config.vocabularySize()));
    }
  }
}
