package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.data.ClassLabels;
import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorContent;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * A fine-tuned model as a Hugging Face directory of its own, which transformers loads: the base
 * model's {@code config.json} and tokenizer, and new weights as float32.
 */
public final class HuggingFaceDirectory {

  private static final String CONFIG = "config.json";

  /** What belongs to the tokenizer or to generation, and stays as it is. */
  private static final List<String> COPIED =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.txt",
          "vocab.json",
          "merges.txt",
          "tokenizer.model",
          "chat_template.jinja",
          "generation_config.json");

  private HuggingFaceDirectory() {}

  /**
   * @param directory made if it is not there
   * @param base directory of the model that was trained on
   * @param parameters all weights, by their Hugging Face names
   * @param labels the classes of a classifier; empty for a language model
   * @throws ConfigException if both directories are the same: the base would be lost
   */
  public static void write(
      Path directory, Path base, ParameterBlock parameters, Optional<ClassLabels> labels) {
    requireElsewhere(directory, base);
    try {
      Files.createDirectories(directory);
      for (String file : COPIED) {
        if (Files.isRegularFile(base.resolve(file))) {
          Files.copy(
              base.resolve(file), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + directory + ": " + e.getMessage(), e);
    }
    JsonFile.write(directory.resolve(CONFIG), config(base, labels));
    Map<String, TensorContent> tensors = new TreeMap<>();
    parameters.tensors().forEach((name, tensor) -> tensors.put(name, content(tensor)));
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"), tensors, Map.of("format", "pt"), Dtype.F32);
  }

  /**
   * To be asked before training rather than after it.
   *
   * @throws ConfigException if both directories are the same
   */
  public static void requireElsewhere(Path directory, Path base) {
    try {
      if (Files.exists(directory) && Files.isSameFile(directory, base)) {
        throw ConfigException.of(
            "output_dir", directory, "it is the base model; name another directory");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  private static ObjectNode config(Path base, Optional<ClassLabels> labels) {
    ObjectNode json =
        JsonFile.read(base.resolve(CONFIG))
            .orElseThrow(() -> new ConfigException(base.resolve(CONFIG) + " is missing"));
    json.remove("torch_dtype");
    json.put("dtype", "float32");
    labels.ifPresent(
        classes -> {
          json.putArray("architectures").add("BertForSequenceClassification");
          HuggingFaceLabels.put(json, classes);
        });
    return json;
  }

  /** Only vectors, of biases and norms, have a single row. */
  private static TensorContent content(Tensor tensor) {
    return tensor.rows() == 1
        ? TensorContent.of(tensor, tensor.columns())
        : TensorContent.of(tensor, tensor.rows(), tensor.columns());
  }
}
