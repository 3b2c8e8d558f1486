package dev.tributary.engine.format.peft;

import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.format.safetensors.TensorEntry;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A LoRA adapter as Hugging Face PEFT keeps it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. What is written here loads in PEFT, and the other way round.
 */
public final class PeftDirectory {

  private static final String PREFIX = "base_model.model.";
  private static final String WEIGHTS = "adapter_model.safetensors";

  private PeftDirectory() {}

  /**
   * Writes an adapter. Equal adapters give equal bytes.
   *
   * @param directory made if it is not there
   * @param baseModelName {@code base_model_name_or_path}, exactly as servers call the base model
   */
  public static void write(Path directory, LoraAdapter adapter, String baseModelName) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory + ": " + e.getMessage(), e);
    }
    Map<String, TensorData> tensors = new TreeMap<>();
    adapter
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.put(
                    name,
                    isVector(name)
                        ? TensorData.of(tensor.toArray(), tensor.columns())
                        : TensorData.of(tensor.toArray(), tensor.rows(), tensor.columns())));
    SafetensorsWriter.write(directory.resolve(WEIGHTS), tensors, Map.of("format", "pt"), Dtype.F32);
    new PeftConfig(adapter.config(), baseModelName)
        .write(directory.resolve(PeftConfig.FILE_NAME), family(adapter));
  }

  /** The base model's family, by what the names of the adapted modules begin with. */
  private static ModelFamily family(LoraAdapter adapter) {
    String name = adapter.tensors().firstEntry().getKey();
    return Arrays.stream(ModelFamily.values())
        .filter(family -> name.startsWith(PREFIX + family.bodyPrefix()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no family has a module " + name));
  }

  /** A classifier's bias is the only vector; A and B of rank 1 are matrices. */
  private static boolean isVector(String name) {
    return name.endsWith(".bias");
  }

  /**
   * Reads an adapter for a base model.
   *
   * @throws ConfigException if a file is missing, the weights are a pickle, or the adapter is of a
   *     kind that is not supported
   * @throws CorruptArtifactException if the weights are damaged or do not fit the base model
   */
  public static LoraAdapter read(Path directory, BaseModel base) {
    PeftConfig config = PeftConfig.read(directory.resolve(PeftConfig.FILE_NAME));
    Path file = directory.resolve(WEIGHTS);
    if (!Files.exists(file) && Files.exists(directory.resolve("adapter_model.bin"))) {
      throw new ConfigException(
          directory
              + " has only adapter_model.bin, a pickle, which is never opened; save the adapter"
              + " again as safetensors");
    }
    LoraAdapter adapter = LoraAdapter.zeros(base.config(), config.lora());
    try (SafetensorsFile weights =
        SafetensorsFile.open(file, SafetensorsFile.ADAPTER_HEADER_LIMIT)) {
      for (String name : weights.names()) {
        if (!adapter.tensors().containsKey(name)) {
          refusePooler(file, name);
          throw new CorruptArtifactException(
              file,
              "tensor '%s' belongs to no target module (target_modules %s) of base model '%s'"
                  .formatted(name, config.lora().targetModules(), base.name()));
        }
      }
      adapter.tensors().forEach((name, tensor) -> fill(weights, name, tensor, config, base));
    }
    return adapter;
  }

  /**
   * What the adapter says its base model is called; to be compared with the one it is loaded on.
   */
  public static String baseModelName(Path directory) {
    return PeftConfig.read(directory.resolve(PeftConfig.FILE_NAME)).baseModelName();
  }

  /** How many classes the classifier stored with an adapter tells apart; empty without one. */
  public static OptionalInt classes(Path directory) {
    Path file = directory.resolve(WEIGHTS);
    String name = PREFIX + LoraConfig.CLASSIFIER + ".weight";
    try (SafetensorsFile weights =
        SafetensorsFile.open(file, SafetensorsFile.ADAPTER_HEADER_LIMIT)) {
      return weights.names().contains(name)
          ? OptionalInt.of(Math.toIntExact(weights.entry(name).shape()[0]))
          : OptionalInt.empty();
    }
  }

  private static void refusePooler(Path file, String name) {
    if (name.startsWith(PREFIX + ModelFamily.BERT.bodyPrefix() + "pooler.")) {
      throw new ConfigException(
          "%s: target_modules adapt the pooler ('%s'), which is not computed; train the adapter with targets that end in 'attention.output.dense', 'intermediate.dense' or 'output.dense' instead of 'dense' or all-linear"
              .formatted(file, name));
    }
  }

  private static void fill(
      SafetensorsFile weights, String name, Tensor tensor, PeftConfig config, BaseModel base) {
    TensorEntry entry = weights.entry(name);
    boolean fits =
        isVector(name)
            ? entry.hasShape(tensor.columns())
            : entry.hasShape(tensor.rows(), tensor.columns());
    if (!fits) {
      throw new CorruptArtifactException(
          weights.file(),
          "tensor '%s' has the shape %s; rank %d on base model '%s' needs %s (the adapter was made for '%s')"
              .formatted(
                  name,
                  Arrays.toString(entry.shape()),
                  config.lora().r(),
                  base.name(),
                  tensor,
                  config.baseModelName()));
    }
    weights.read(name, tensor.memory().asSlice(0, 4 * tensor.size()));
  }
}
