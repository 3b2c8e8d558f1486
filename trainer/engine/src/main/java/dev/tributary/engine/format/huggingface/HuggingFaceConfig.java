package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the {@code config.json} of a Hugging Face model directory. */
public final class HuggingFaceConfig {

  /**
   * Settings of GPT-2 that would change the arithmetic, with the only value the engine computes.
   */
  private static final Map<String, JsonValue> FIXED =
      Map.of(
          "activation_function", new JsonValue("gelu_new"),
          "scale_attn_weights", new JsonValue(true),
          "scale_attn_by_inverse_layer_idx", new JsonValue(false),
          "add_cross_attention", new JsonValue(false));

  private HuggingFaceConfig() {}

  /** A setting's supported value, which is also its default. */
  private record JsonValue(Object value) {

    boolean matches(JsonNode node) {
      return node.isMissingNode() || node.isNull() || node.asString("").equals(value.toString());
    }
  }

  /**
   * @throws ConfigException if the directory has no config.json, or the model is of a kind the
   *     engine does not compute
   * @throws dev.tributary.foundation.error.CorruptArtifactException if the file is damaged
   */
  public static ModelConfig read(Path modelDirectory) {
    Path file = modelDirectory.resolve("config.json");
    ObjectNode json =
        JsonFile.read(file)
            .orElseThrow(
                () ->
                    new ConfigException(
                        modelDirectory
                            + " is no Hugging Face model directory: config.json is missing"));
    String type = json.path("model_type").asString("");
    if (!type.equals("gpt2")) {
      throw new ConfigException(
          "%s: model_type '%s' is not supported; supported: gpt2".formatted(file, type));
    }
    refuseUnsupported(json, file);
    int width = positive(json, "n_embd", 768, file);
    return new ModelConfig(
        type,
        positive(json, "vocab_size", 50_257, file),
        positive(json, json.has("n_positions") ? "n_positions" : "n_ctx", 1_024, file),
        width,
        positive(json, "n_layer", 12, file),
        positive(json, "n_head", 12, file),
        positive(json, "n_inner", Math.multiplyExact(4, width), file),
        json.path("layer_norm_epsilon").asDouble(1e-5),
        json.path("tie_word_embeddings").asBoolean(true));
  }

  /** The {@code config.json} that transformers reads back as the same model. */
  public static void write(Path modelDirectory, ModelConfig config, int eosId) {
    ObjectNode json = JsonFile.object();
    json.put("activation_function", "gelu_new");
    json.putArray("architectures").add("GPT2LMHeadModel");
    json.put("attn_pdrop", 0.0);
    json.put("bos_token_id", eosId);
    json.put("embd_pdrop", 0.0);
    json.put("eos_token_id", eosId);
    json.put("layer_norm_epsilon", config.layerNormEpsilon());
    json.put("model_type", config.modelType());
    json.put("n_embd", config.width());
    json.put("n_head", config.heads());
    json.put("n_inner", config.innerWidth());
    json.put("n_layer", config.layers());
    json.put("n_positions", config.contextLength());
    json.put("resid_pdrop", 0.0);
    json.put("tie_word_embeddings", config.tiedEmbeddings());
    json.put("vocab_size", config.vocabularySize());
    JsonFile.write(modelDirectory.resolve("config.json"), json);
  }

  private static void refuseUnsupported(ObjectNode json, Path file) {
    FIXED.forEach(
        (field, supported) -> {
          if (!supported.matches(json.path(field))) {
            throw new ConfigException(
                "%s: %s %s is not supported; only %s is"
                    .formatted(file, field, json.get(field), supported.value()));
          }
        });
    if (json.hasNonNull("quantization_config")) {
      throw new ConfigException(
          file
              + ": quantization_config: quantised weights are not supported; use the original"
              + " model");
    }
  }

  private static int positive(ObjectNode json, String field, int absent, Path file) {
    JsonNode node = json.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    if (!node.isInt() || node.intValue() < 1) {
      throw new ConfigException(
          "%s: %s: %s cannot be used; use a whole number of at least 1"
              .formatted(file, field, node));
    }
    return node.intValue();
  }
}
