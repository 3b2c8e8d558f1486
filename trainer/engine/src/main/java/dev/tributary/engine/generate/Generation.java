package dev.tributary.engine.generate;

import java.util.List;

/**
 * A generated text.
 *
 * @param tokens what was produced, without the stop token
 * @param reason why it ended
 */
public record Generation(List<Integer> tokens, FinishReason reason) {

  /** Why a text ended. */
  public enum FinishReason {
    /** A stop token came up. */
    STOP,
    /** The asked-for number of tokens or the end of the context was reached. */
    LENGTH,
    /** The listener had enough. */
    CANCELLED
  }

  public Generation {
    tokens = List.copyOf(tokens);
  }

  /** The tokens as the tokenizer takes them. */
  public int[] tokenArray() {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}
