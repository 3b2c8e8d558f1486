package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.format.safetensors.TensorEntry;
import dev.tributary.engine.model.StoredRows;
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
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The weights of a Hugging Face model directory: {@code model.safetensors}, or shards under {@code
 * model.safetensors.index.json}; float32, float16 or bfloat16. Names are those of the model with
 * its head ({@code transformer.h.0.attn.c_attn.weight}); a file that was saved from the bare model
 * lacks the first part of them, one of BERT's first years has names of its own for the
 * normalisations ({@code LayerNorm.gamma}), and both are read all the same.
 */
public final class HuggingFaceWeights implements WeightSource, AutoCloseable {

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

  /** Whether a weight is there: a model saved without its head lacks those of the head. */
  public boolean contains(String name) {
    return stored(name).isPresent();
  }

  /**
   * Copies a tensor as float32; a vector in the file fills a matrix of one row.
   *
   * @throws CorruptArtifactException if it is missing, of another shape, or not finite
   */
  @Override
  public void read(String name, Tensor target) {
    TensorEntry entry = entry(name, target.rows(), target.columns());
    fileByTensor
        .get(entry.name())
        .read(entry.name(), target.memory().asSlice(0, 4 * target.size()));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The mapping outlives {@link #close}.
   *
   * @throws CorruptArtifactException if it is missing, of another shape, or not finite
   */
  @Override
  public Optional<Tensor> mapped(String name, int rows, int columns) {
    TensorEntry entry = entry(name, rows, columns);
    return fileByTensor
        .get(entry.name())
        .map(entry.name())
        .map(memory -> new Tensor(memory, rows, columns));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The mapping outlives {@link #close}.
   *
   * @throws CorruptArtifactException if it is missing or of another shape
   */
  @Override
  public Optional<StoredRows> stored(String name, int rows, int columns) {
    TensorEntry entry = entry(name, rows, columns);
    return fileByTensor
        .get(entry.name())
        .mapRows(entry.name())
        .map(mapped -> (StoredRows) mapped::readRows);
  }

  private TensorEntry entry(String name, int rows, int columns) {
    String stored =
        stored(name)
            .orElseThrow(
                () ->
                    new CorruptArtifactException(
                        directory, "tensor '%s' is missing".formatted(name)));
    SafetensorsFile file = fileByTensor.get(stored);
    TensorEntry entry = file.entry(stored);
    boolean vector = rows == 1 && entry.hasShape(columns);
    if (!vector && !entry.hasShape(rows, columns)) {
      throw new CorruptArtifactException(
          file.file(),
          "tensor '%s' has the shape %s, config.json asks for [%d, %d]"
              .formatted(stored, Arrays.toString(entry.shape()), rows, columns));
    }
    return entry;
  }

  /** The name a weight has in the files. */
  private Optional<String> stored(String name) {
    return TensorNames.of(name).filter(fileByTensor::containsKey).findFirst();
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
