package dev.tributary.engine.generate;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.function.IntPredicate;

/** Continues one text at a time: a {@link BatchGenerator} of one. For one thread. */
public final class Generator implements AutoCloseable {

  private final BatchGenerator batch;

  /**
   * @param maxTokens most tokens of prompt and continuation together; the model's context bounds it
   * @throws dev.tributary.foundation.error.ConfigException if the model does not predict tokens
   */
  public Generator(BaseModel model, int maxTokens) {
    batch = new BatchGenerator(model, maxTokens, 1);
  }

  /**
   * @param adapterOrNull null for the base model alone
   * @param prompt at least one token, and fewer than fit
   * @param onToken sees every token as it comes, but not the stop token; false stops
   * @throws dev.tributary.foundation.error.BadRecordException {@code empty_prompt}, {@code
   *     too_long} or {@code unknown_token}
   */
  public Generation generate(
      LoraAdapter adapterOrNull, int[] prompt, GenerationOptions options, IntPredicate onToken) {
    return batch.generate(new GenerationRequest(adapterOrNull, prompt, options), onToken);
  }

  @Override
  public void close() {
    batch.close();
  }
}
