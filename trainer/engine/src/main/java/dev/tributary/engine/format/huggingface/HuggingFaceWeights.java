package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.format.safetensors.TensorEntry;
import dev.tributary.engine.model.WeightSource;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The weights of a Hugging Face model directory: {@code model.safetensors}, or shards under {@code
 * model.safetensors.index.json}. Names are those of the model with its head ({@code
 * transformer.h.0.attn.c_attn.weight}); a file that was saved from the bare model lacks the first
 * part of them, and is read all the same.
 */
public final class HuggingFaceWeights implements WeightSource, AutoCloseable {

  /** What a model with a head puts before the names of its body. */
  private static final String PREFIX = "transformer.";

  private final Path directory;

  /** The file each tensor, by its name there, lies in. */
  private final Map<String, SafetensorsFile> fileByTensor;

  private final Collection<SafetensorsFile> files;

  private HuggingFaceWeights(Path directory, Collection<SafetensorsFile> files) {
    this.directory = directory;
    this.files = files;
    this.fileByTensor = new HashMap<>();
    for (SafetensorsFile file : files) {
      file.names().forEach(name -> fileByTensor.put(name, file));
    }
  }

  /**
   * @throws ConfigException if there is no safetensors file, only a pickle, or a shard outside the
   *     directory
   * @throws CorruptArtifactException if a file is damaged
   */
  public static HuggingFaceWeights open(Path directory) {
    Path single = directory.resolve("model.safetensors");
    Path index = directory.resolve("model.safetensors.index.json");
    if (Files.exists(single)) {
      return new HuggingFaceWeights(directory, List.of(SafetensorsFile.open(single)));
    }
    return JsonFile.read(index)
        .map(json -> new HuggingFaceWeights(directory, shards(directory, index, json)))
        .orElseThrow(() -> missing(directory));
  }

  private static Collection<SafetensorsFile> shards(Path directory, Path index, ObjectNode json) {
    Map<String, SafetensorsFile> open = new TreeMap<>();
    try {
      for (JsonNode shard : json.path("weight_map")) {
        String name = shard.asString("");
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
          throw new ConfigException(
              "%s: shard '%s' is refused; a shard is a .safetensors file in the same directory"
                  .formatted(index, name));
        }
        open.computeIfAbsent(name, n -> SafetensorsFile.open(directory.resolve(n)));
      }
      return List.copyOf(open.values());
    } catch (RuntimeException e) {
      open.values().forEach(SafetensorsFile::close);
      throw e;
    }
  }

  private static ConfigException missing(Path directory) {
    boolean pickle = Files.exists(directory.resolve("pytorch_model.bin"));
    return new ConfigException(
        pickle
            ? directory
                + " has only pytorch_model.bin, a pickle, which is never opened; convert it to"
                + " model.safetensors (save_pretrained)"
            : directory + " has no model.safetensors");
  }

  /**
   * Copies a tensor as float32; a vector in the file fills a matrix of one row.
   *
   * @throws CorruptArtifactException if it is missing, of another shape, or not finite
   */
  @Override
  public void read(String name, Tensor target) {
    String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    String stored = fileByTensor.containsKey(name) ? name : bare;
    SafetensorsFile file = fileByTensor.get(stored);
    if (file == null) {
      throw new CorruptArtifactException(directory, "tensor '%s' is missing".formatted(name));
    }
    TensorEntry entry = file.entry(stored);
    boolean vector = target.rows() == 1 && entry.hasShape(target.columns());
    if (!vector && !entry.hasShape(target.rows(), target.columns())) {
      throw new CorruptArtifactException(
          file.file(),
          "tensor '%s' has the shape %s, config.json asks for %s"
              .formatted(stored, Arrays.toString(entry.shape()), target));
    }
    file.read(stored, target.memory().asSlice(0, 4 * target.size()));
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
