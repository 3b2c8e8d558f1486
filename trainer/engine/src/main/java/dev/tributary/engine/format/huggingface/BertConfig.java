package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import java.util.Optional;

/** The fields of transformers' {@code BertConfig}. */
final class BertConfig {

  /**
   * Classes of a model that was saved without saying how many: not written if it is the default.
   */
  private static final int DEFAULT_LABELS = 2;

  private BertConfig() {}

  static ModelConfig read(ConfigFields fields) {
    if (!fields.text("position_embedding_type", "absolute").equals("absolute")) {
      throw fields.refused("position_embedding_type", "only absolute is computed");
    }
    fields.requireFlag("is_decoder", false);
    fields.requireFlag("add_cross_attention", false);
    int width = fields.positive("hidden_size");
    int heads = fields.positive("num_attention_heads");
    if (width % heads != 0) {
      throw fields.refused("num_attention_heads", "use a divisor of hidden_size = " + width);
    }
    return new ModelConfig(
        ModelFamily.BERT,
        fields.positive("vocab_size"),
        fields.positive("max_position_embeddings", 512),
        width,
        fields.positive("num_hidden_layers"),
        new AttentionShape(heads, heads, width / heads, false),
        fields.positive("intermediate_size"),
        fields.activation("hidden_act", "gelu"),
        fields.number("layer_norm_eps", 1e-12),
        Optional.empty(),
        ModelConfig.Biases.ALL,
        fields.flag("tie_word_embeddings", true),
        fields.positive("type_vocab_size", 2),
        labels(fields));
  }

  private static int labels(ConfigFields fields) {
    boolean classifier =
        fields.texts("architectures").stream()
            .anyMatch(architecture -> architecture.endsWith("ForSequenceClassification"));
    if (!classifier) {
      return 0;
    }
    if (!fields
        .text("problem_type", "single_label_classification")
        .equals("single_label_classification")) {
      throw fields.refused("problem_type", "only single_label_classification is computed");
    }
    int named = fields.size("id2label");
    return named > 0 ? named : fields.positive("num_labels", DEFAULT_LABELS);
  }
}
