package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes the {@code config.json} of a Hugging Face model directory, in the spelling of
 * transformers 4 and 5. A setting that would change the arithmetic is computed or refused, never
 * passed over; dropout rates are, since fine-tuning here has its own.
 */
public final class HuggingFaceConfig {

  private static final String FILE_NAME = "config.json";

  private HuggingFaceConfig() {}

  /**
   * The shape of the model, for a classifier with its labels: a BERT saved with another head, or
   * with none, has no labels until {@link ModelConfig#withLabels} gives it some.
   *
   * @throws ConfigException if the directory has no config.json, or the model is of a kind the
   *     engine does not compute
   * @throws dev.tributary.foundation.error.CorruptArtifactException if the file is damaged
   */
  public static ModelConfig read(Path modelDirectory) {
    Path file = modelDirectory.resolve(FILE_NAME);
    ObjectNode json =
        JsonFile.read(file)
            .orElseThrow(
                () ->
                    new ConfigException(
                        modelDirectory
                            + " is no Hugging Face model directory: config.json is missing"));
    try {
      return read(new ConfigFields(json));
    } catch (ConfigException e) {
      throw new ConfigException(file + ": " + e.getMessage(), e);
    }
  }

  private static ModelConfig read(ConfigFields fields) {
    ModelFamily family = ModelFamily.of(fields.text("model_type", ""));
    fields.requireNothing(
        "quantization_config", "quantised weights are not read; use the original model");
    fields.requireNothing("pruned_heads", "use a model with all its heads");
    return switch (family) {
      case GPT2 -> Gpt2Config.read(fields);
      case BERT -> BertConfig.read(fields);
      case LLAMA, MISTRAL, QWEN2, QWEN3 -> new LlamaConfig(family, fields).read();
    };
  }

  /** The {@code config.json} of a GPT-2 that transformers reads back as the same model. */
  public static void write(Path modelDirectory, ModelConfig config, int eosId) {
    JsonFile.write(modelDirectory.resolve(FILE_NAME), Gpt2Config.write(config, eosId));
  }
}
