package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelConfig.Biases;
import dev.tributary.engine.model.ModelFamily;
import java.util.Optional;

/**
 * The fields of transformers' {@code LlamaConfig}, and of Mistral's and Qwen's, which share them.
 */
final class LlamaConfig {

  private final ModelFamily family;
  private final ConfigFields fields;

  LlamaConfig(ModelFamily family, ConfigFields fields) {
    this.family = family;
    this.fields = fields;
  }

  ModelConfig read() {
    DecoderHead.require(fields);
    int positions = fields.positive("max_position_embeddings");
    int layers = fields.positive("num_hidden_layers");
    return new ModelConfig(
        family,
        fields.positive("vocab_size"),
        Math.min(positions, new SlidingWindow(family, fields).tokens(layers)),
        fields.positive("hidden_size"),
        layers,
        attention(),
        fields.positive("intermediate_size"),
        fields.activation("hidden_act", "silu"),
        fields.number("rms_norm_eps", 1e-6),
        Optional.of(new RotaryFields(fields).read(positions)),
        biases(),
        fields.flag("tie_word_embeddings", false),
        0,
        0);
  }

  private AttentionShape attention() {
    int width = fields.positive("hidden_size");
    int heads = fields.positive("num_attention_heads");
    return new AttentionShape(heads, keyValueHeads(heads), headSize(width, heads), true);
  }

  private int keyValueHeads(int heads) {
    int absent =
        fields.names("num_key_value_heads")
            ? heads
            : switch (family) {
              case MISTRAL -> 8;
              case QWEN2, QWEN3 -> 32;
              default -> heads;
            };
    return fields.positive("num_key_value_heads", absent);
  }

  private int headSize(int width, int heads) {
    if (family == ModelFamily.QWEN3 && !fields.names("head_dim")) {
      return 128;
    }
    if (!fields.has("head_dim") && width % heads != 0) {
      throw fields.refused("num_attention_heads", "use a divisor of hidden_size = " + width);
    }
    return fields.positive("head_dim", width / heads);
  }

  private Biases biases() {
    return switch (family) {
      case LLAMA -> {
        boolean attention = fields.flag("attention_bias", false);
        yield new Biases(attention, attention, fields.flag("mlp_bias", false));
      }
      case QWEN2 -> new Biases(true, false, false);
      case QWEN3 -> {
        boolean attention = fields.flag("attention_bias", false);
        yield new Biases(attention, attention, false);
      }
      default -> Biases.NONE;
    };
  }
}
