package dev.tributary.engine.objective;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.foundation.error.BadRecordException;

/** Refuses what a model cannot take before it touches native memory. */
public final class BatchCheck {

  private final ModelConfig config;

  public BatchCheck(ModelConfig config) {
    this.config = config;
  }

  /**
   * @throws BadRecordException {@code too_long}, {@code unknown_token}, {@code token_type_range}
   * @throws IllegalArgumentException if the batch is empty
   */
  public void check(PackedBatch batch) {
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("a batch needs at least one sequence");
    }
    for (int s = 0; s < batch.sequenceCount(); s++) {
      checkLength(batch.sequenceStarts()[s + 1] - batch.sequenceStarts()[s]);
    }
    for (int i = 0; i < batch.tokenCount(); i++) {
      checkToken("input_ids", batch.tokens()[i]);
      checkTokenType(batch.tokenTypes()[i]);
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

  private void checkTokenType(int type) {
    // A model without such embeddings does not look at them.
    if (config.tokenTypes() > 0 && (type < 0 || type >= config.tokenTypes())) {
      throw new BadRecordException(
          "token_type_range",
          "token_type_ids: %d cannot be used; the model knows 0 to %d"
              .formatted(type, config.tokenTypes() - 1));
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
