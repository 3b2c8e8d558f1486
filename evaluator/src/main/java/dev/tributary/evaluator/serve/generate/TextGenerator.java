package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.Optional;
import java.util.function.Predicate;

/** Continues a prompt with text. For one thread; closing frees its memory. */
interface TextGenerator extends AutoCloseable {

  /**
   * @param prompt token ids, shorter than the context
   * @param sampling how to draw
   * @param onText takes the text piece by piece, as tokens become whole characters; false stops
   */
  Ending generate(
      Optional<LoraAdapter> adapter, int[] prompt, Draw sampling, Predicate<String> onText);

  @Override
  void close();

  /**
   * How to draw one choice.
   *
   * @param maxTokens at least 1
   * @param temperature 0 for the likeliest token
   */
  record Draw(int maxTokens, double temperature, double topP, long seed) {}

  /**
   * How a text ended.
   *
   * @param tokens generated, without the end token
   * @param reason {@link FinishReason#STOP} also when the listener stopped it
   */
  record Ending(int tokens, FinishReason reason) {}
}
