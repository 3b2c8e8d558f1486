package dev.tributary.engine.generate;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.function.IntPredicate;

/** Generates text. */
public final class Generator implements AutoCloseable {

  public Generator(BaseModel model, int maxTokens) {}

  /**
   * @param onToken sees every token as it comes; false stops
   */
  public Generation generate(
      LoraAdapter adapterOrNull, int[] prompt, GenerationOptions options, IntPredicate onToken) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
