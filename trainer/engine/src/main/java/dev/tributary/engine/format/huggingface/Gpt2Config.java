package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The fields of transformers' {@code GPT2Config}. */
final class Gpt2Config {

  private Gpt2Config() {}

  static ModelConfig read(ConfigFields fields) {
    fields.requireFlag("scale_attn_weights", true);
    fields.requireFlag("scale_attn_by_inverse_layer_idx", false);
    fields.requireFlag("add_cross_attention", false);
    DecoderHead.require(fields);
    int width = fields.positive("n_embd", 768);
    int heads = fields.positive("n_head", 12);
    if (width % heads != 0) {
      throw fields.refused("n_head", "use a divisor of n_embd = " + width);
    }
    return new ModelConfig(
        ModelFamily.GPT2,
        fields.positive("vocab_size", 50_257),
        fields.positive(fields.has("n_positions") ? "n_positions" : "n_ctx", 1_024),
        width,
        fields.positive("n_layer", 12),
        new AttentionShape(heads, heads, width / heads, true),
        fields.positive("n_inner", Math.multiplyExact(4, width)),
        fields.activation("activation_function", "gelu_new"),
        fields.number("layer_norm_epsilon", 1e-5),
        Optional.empty(),
        ModelConfig.Biases.ALL,
        fields.flag("tie_word_embeddings", true),
        0,
        0);
  }

  static ObjectNode write(ModelConfig config, int eosId) {
    if (config.family() != ModelFamily.GPT2 || config.activation() != Activation.GELU_TANH) {
      throw new IllegalArgumentException("only a GPT-2 with gelu_new is written: " + config);
    }
    ObjectNode json = JsonFile.object();
    json.put("activation_function", "gelu_new");
    json.putArray("architectures").add("GPT2LMHeadModel");
    json.put("attn_pdrop", 0.0);
    json.put("bos_token_id", eosId);
    json.put("embd_pdrop", 0.0);
    json.put("eos_token_id", eosId);
    json.put("layer_norm_epsilon", config.normEpsilon());
    json.put("model_type", config.modelType());
    json.put("n_embd", config.width());
    json.put("n_head", config.attention().heads());
    json.put("n_inner", config.innerWidth());
    json.put("n_layer", config.layers());
    json.put("n_positions", config.contextLength());
    json.put("resid_pdrop", 0.0);
    json.put("tie_word_embeddings", config.tiedEmbeddings());
    json.put("vocab_size", config.vocabularySize());
    return json;
  }
}
