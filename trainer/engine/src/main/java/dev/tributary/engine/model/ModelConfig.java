package dev.tributary.engine.model;

import dev.tributary.foundation.error.ConfigException;

/**
 * The shape of a decoder.
 *
 * @param modelType the family, as Hugging Face's {@code config.json} names it ({@code gpt2})
 * @param vocabularySize tokens the embedding knows
 * @param contextLength most tokens of one sequence (learned positions)
 * @param width of the residual stream ({@code n_embd})
 * @param layers number of blocks
 * @param heads attention heads; they divide the width
 * @param innerWidth of the feed-forward layer ({@code n_inner}, four times the width by default)
 * @param layerNormEpsilon added to the variance
 * @param tiedEmbeddings whether the head is the token embedding transposed
 */
public record ModelConfig(
    String modelType,
    int vocabularySize,
    int contextLength,
    int width,
    int layers,
    int heads,
    int innerWidth,
    double layerNormEpsilon,
    boolean tiedEmbeddings) {

  public ModelConfig {
    requirePositive("vocab_size", vocabularySize);
    requirePositive("n_positions", contextLength);
    requirePositive("n_embd", width);
    requirePositive("n_layer", layers);
    requirePositive("n_head", heads);
    requirePositive("n_inner", innerWidth);
    if (width % heads != 0) {
      throw ConfigException.of("n_head", heads, "use a divisor of n_embd = " + width);
    }
    if (!(layerNormEpsilon > 0)) {
      throw ConfigException.of("layer_norm_epsilon", layerNormEpsilon, "use a positive number");
    }
  }

  /** A GPT-2 with the family's usual inner width, epsilon and tied head. */
  public static ModelConfig gpt2(
      int vocabularySize, int contextLength, int width, int layers, int heads) {
    return new ModelConfig(
        "gpt2", vocabularySize, contextLength, width, layers, heads, 4 * width, 1e-5, true);
  }

  /** Width of one attention head. */
  public int headSize() {
    return width / heads;
  }

  private static void requirePositive(String field, int value) {
    if (value <= 0) {
      throw ConfigException.of(field, value, "use a whole number of at least 1");
    }
  }
}
