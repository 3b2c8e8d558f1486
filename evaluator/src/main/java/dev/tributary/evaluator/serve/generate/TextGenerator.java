package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.Optional;

/**
 * Continues several prompts with text at once, step by step. For one thread; closing frees its
 * memory.
 */
interface TextGenerator extends AutoCloseable {

  /** Most texts at once. */
  int maxTexts();

  /** Texts under way. */
  int size();

  /**
   * Lets a text join at the next step; may be called by a listener.
   *
   * @param prompt token ids, shorter than the context
   * @param draw how to draw
   */
  void begin(Optional<LoraAdapter> adapter, int[] prompt, Draw draw, Listener listener);

  /** Makes one token of every text. */
  void step();

  /** Gives up all texts; their listeners hear nothing more. */
  void clear();

  @Override
  void close();

  /** Hears of one text; {@link #ended} or {@link #failed} comes last. */
  interface Listener {

    /**
     * @param piece of the text, as tokens become whole characters; may be empty
     * @return whether to go on
     */
    boolean text(String piece);

    void ended(Ending ending);

    void failed(RuntimeException cause);
  }

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
