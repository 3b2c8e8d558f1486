package dev.tributary.engine.testing;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelConfig.Biases;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.Rotary;
import java.util.Optional;

/** A small model of each family, in shapes that are no multiple of anything. */
public final class Families {

  public static final int VOCABULARY = 53;
  public static final int CONTEXT = 19;

  private Families() {}

  public static ModelConfig config(ModelFamily family) {
    return switch (family) {
      case GPT2 -> ModelConfig.gpt2(VOCABULARY, CONTEXT, 15, 2, 3);
      case BERT -> bert();
      case LLAMA -> decoder(family, 3, 1, 4, Biases.NONE, false);
      case MISTRAL -> decoder(family, 4, 2, 6, Biases.NONE, false);
      case QWEN2 -> decoder(family, 6, 2, 2, new Biases(true, false, false), true);
      case QWEN3 -> decoder(family, 4, 2, 6, Biases.NONE, true);
    };
  }

  private static ModelConfig bert() {
    return new ModelConfig(
        ModelFamily.BERT,
        VOCABULARY,
        CONTEXT,
        15,
        2,
        new AttentionShape(3, 3, 5, false),
        22,
        Activation.GELU,
        1e-12,
        Optional.empty(),
        Biases.ALL,
        true,
        2,
        3);
  }

  private static ModelConfig decoder(
      ModelFamily family, int heads, int keyValueHeads, int headSize, Biases biases, boolean tied) {
    return new ModelConfig(
        family,
        VOCABULARY,
        CONTEXT,
        14,
        2,
        new AttentionShape(heads, keyValueHeads, headSize, true),
        21,
        Activation.SILU,
        1e-6,
        Optional.of(Rotary.of(10_000)),
        biases,
        tied,
        0,
        0);
  }
}
