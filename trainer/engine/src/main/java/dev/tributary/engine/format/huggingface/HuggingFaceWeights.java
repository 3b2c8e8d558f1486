package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.format.safetensors.TensorEntry;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.lang.foreign.MemorySegment;
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
 * model.safetensors.index.json}. Names are those of the bare model ({@code h.0.attn.c_attn.weight}), whether the file was saved
 * from it or from a model with a head, which puts a prefix ({@code transformer.}) before them.
 */
public final class HuggingFaceWeights implements AutoCloseable {

  private final Path directory;
  private final String prefix;

  /** The file each tensor, by its name there, lies in. */
  private final Map<String, SafetensorsFile> fileByTensor;

  private final Collection<SafetensorsFile> files;

  private HuggingFaceWeights(Path directory, String prefix, Collection<SafetensorsFile> files) {
    this.directory = directory;
    this.prefix = prefix;
    this.files = files;
    this.fileByTensor = new HashMap<>();
    for (SafetensorsFile file : files) {
      file.names().forEach(name -> fileByTensor.put(name, file));
    }
  }

  /**
   * @param prefix what a model with a head puts before the names, such as {@code transformer.}
   * @throws ConfigException if there is no safetensors file, only a pickle, or a shard outside the directory
   * @throws CorruptArtifactException if a file is damaged
   */
  public static HuggingFaceWeights open(Path directory, String prefix) {
    Path single = directory.resolve("model.safetensors");
    Path index = directory.resolve("model.safetensors.index.json");
    if (Files.exists(single)) {
      return new HuggingFaceWeights(directory, prefix, List.of(SafetensorsFile.open(single)));
    }
    return JsonFile.read(index)
        .map(json -> new HuggingFaceWeights(directory, prefix, shards(directory, index, json)))
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
                + " has only pytorch_model.bin, a pickle, which is never opened; convert it to model.safetensors (save_pretrained)"
            : directory + " has no model.safetensors");
  }

  /** Whether the model has such a tensor; an untied head ({@code lm_head.weight}) may be absent. */
  public boolean contains(String name) {
    return fileByTensor.containsKey(name) || fileByTensor.containsKey(prefix + name);
  }

  /**
   * Copies a tensor as float32.
   *
   * @param shape what the configuration asks for
   * @throws CorruptArtifactException if it is missing, of another shape, or not finite
   */
  public void read(String name, MemorySegment target, int... shape) {
    String stored = fileByTensor.containsKey(prefix + name) ? prefix + name : name;
    SafetensorsFile file = fileByTensor.get(stored);
    if (file == null) {
      throw new CorruptArtifactException(directory, "tensor '%s' is missing".formatted(name));
    }
    TensorEntry entry = file.entry(stored);
    if (!entry.hasShape(shape)) {
      throw new CorruptArtifactException(
          file.file(),
          "tensor '%s' has the shape %s, config.json asks for %s"
              .formatted(stored, Arrays.toString(entry.shape()), Arrays.toString(shape)));
    }
    file.read(stored, target);
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
