package dev.tributary.engine.model;

import dev.tributary.foundation.error.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The architectures the engine computes: where their blocks differ, and what their parts are
 * called.
 */
public enum ModelFamily {
  GPT2("gpt2", "transformer.", "h.%d.", "attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"),
  BERT(
      "bert",
      "bert.",
      "encoder.layer.%d.",
      "attention.self.query attention.self.key attention.self.value",
      "attention.output.dense",
      "intermediate.dense",
      "output.dense"),
  LLAMA("llama"),
  MISTRAL("mistral"),
  QWEN2("qwen2"),
  QWEN3("qwen3");

  private final String modelType;
  private final String bodyPrefix;
  private final String blockPrefix;
  private final List<String> attentionInput;
  private final List<String> attentionOutput;
  private final List<String> mlpInput;
  private final List<String> mlpOutput;

  /** Llama and those that name their parts like it. */
  ModelFamily(String modelType) {
    this(
        modelType,
        "model.",
        "layers.%d.",
        "self_attn.q_proj self_attn.k_proj self_attn.v_proj",
        "self_attn.o_proj",
        "mlp.gate_proj mlp.up_proj",
        "mlp.down_proj");
  }

  ModelFamily(
      String modelType,
      String bodyPrefix,
      String blockPrefix,
      String attentionInput,
      String attentionOutput,
      String mlpInput,
      String mlpOutput) {
    this.modelType = modelType;
    this.bodyPrefix = bodyPrefix;
    this.blockPrefix = blockPrefix;
    this.attentionInput = List.of(attentionInput.split(" "));
    this.attentionOutput = List.of(attentionOutput);
    this.mlpInput = List.of(mlpInput.split(" "));
    this.mlpOutput = List.of(mlpOutput);
  }

  /**
   * @param modelType as {@code config.json} has it
   * @throws ConfigException if the engine does not compute it
   */
  public static ModelFamily of(String modelType) {
    return Arrays.stream(values())
        .filter(family -> family.modelType.equals(modelType))
        .findFirst()
        .orElseThrow(
            () ->
                ConfigException.of(
                    "model_type",
                    modelType,
                    "use one of "
                        + Arrays.stream(values())
                            .map(ModelFamily::modelType)
                            .collect(Collectors.joining(", "))));
  }

  /** The family's name in {@code config.json}. */
  public String modelType() {
    return modelType;
  }

  /** What the names of a saved model's body start with, if it was saved with its head. */
  public String bodyPrefix() {
    return bodyPrefix;
  }

  /** What the names of one block's parts start with. */
  String block(int layer) {
    return bodyPrefix + blockPrefix.formatted(layer);
  }

  /** The linear modules that together make one site, in the order of their outputs. */
  List<String> modules(LinearSite site) {
    return switch (site) {
      case ATTENTION_INPUT -> attentionInput;
      case ATTENTION_OUTPUT -> attentionOutput;
      case MLP_INPUT -> mlpInput;
      case MLP_OUTPUT -> mlpOutput;
    };
  }

  /** Name of a normalisation in its block. */
  String norm(NormSite site) {
    return switch (site) {
      case ATTENTION ->
          switch (this) {
            case GPT2 -> "ln_1";
            case BERT -> "attention.output.LayerNorm";
            default -> "input_layernorm";
          };
      case MLP ->
          switch (this) {
            case GPT2 -> "ln_2";
            case BERT -> "output.LayerNorm";
            default -> "post_attention_layernorm";
          };
      case QUERY -> "self_attn.q_norm";
      case KEY -> "self_attn.k_norm";
    };
  }

  /** Whether it reads whole sequences at once (BERT) instead of predicting token after token. */
  public boolean isEncoder() {
    return this == BERT;
  }

  /** Whether the norms take off the mean and shift; otherwise they only scale. */
  boolean hasLayerNorm() {
    return this == GPT2 || this == BERT;
  }

  /** Whether positions have embeddings of their own; otherwise queries and keys are turned. */
  boolean hasPositionEmbedding() {
    return this == GPT2 || this == BERT;
  }

  /** Whether one half of the feed-forward layer gates the other. */
  boolean isGated() {
    return mlpInput.size() == 2;
  }

  /** Whether each query and key head is normalised before it is turned. */
  boolean hasQueryKeyNorm() {
    return this == QWEN3;
  }

  /** Whether linear weights are stored {@code [in, out]}. */
  boolean storesInOut() {
    return this == GPT2;
  }
}
