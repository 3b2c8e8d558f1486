package dev.tributary.engine.generate;

import dev.tributary.foundation.error.ConfigException;
import java.util.Set;

/**
 * How to choose the next tokens.
 *
 * @param maxTokens most tokens to produce
 * @param temperature 0 takes the most likely token; otherwise logits are divided by it
 * @param topP only the likeliest tokens that together reach this probability are drawn from; 1
 *     keeps all
 * @param stopTokenIds tokens that end the text; they are not part of it
 * @param seed of the draws: the same seed, prompt and weights give the same text
 */
public record GenerationOptions(
    int maxTokens, double temperature, double topP, Set<Integer> stopTokenIds, long seed) {

  public GenerationOptions {
    if (maxTokens < 1) {
      throw ConfigException.of("max_tokens", maxTokens, "use a whole number of at least 1");
    }
    if (!Double.isFinite(temperature) || temperature < 0) {
      throw ConfigException.of("temperature", temperature, "use 0 (greedy) or a positive number");
    }
    if (!(topP > 0 && topP <= 1)) {
      throw ConfigException.of("top_p", topP, "use a number above 0, up to 1");
    }
    stopTokenIds = Set.copyOf(stopTokenIds);
  }

  /** The likeliest token each time. */
  public static GenerationOptions greedy(int maxTokens, Set<Integer> stopTokenIds) {
    return new GenerationOptions(maxTokens, 0, 1, stopTokenIds, 0);
  }
}
