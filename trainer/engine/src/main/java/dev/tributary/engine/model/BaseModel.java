package dev.tributary.engine.model;

import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.huggingface.HuggingFaceWeights;
import dev.tributary.engine.kernels.Kernels;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A frozen model, loaded once and shared by every trainer, scorer and generator of the process.
 * Immutable; safe for any number of threads.
 */
public final class BaseModel {

  private final String name;
  private final Optional<Path> directory;
  private final ModelConfig config;
  private final Kernels kernels;
  private final ModelWeights weights;
  private final String fingerprint;

  private BaseModel(
      String name,
      Optional<Path> directory,
      ModelConfig config,
      WeightSource source,
      Kernels kernels) {
    this.name = name;
    this.directory = directory;
    this.config = config;
    this.kernels = kernels;
    try (FrozenTensors tensors = new FrozenTensors(config, source, kernels)) {
      this.weights = ModelWeights.of(config, tensors::tensor, tensors::matrix);
      this.fingerprint = tensors.fingerprint();
    }
  }

  /**
   * Loads a Hugging Face directory ({@code config.json}, {@code model.safetensors}).
   *
   * @throws dev.tributary.foundation.error.ConfigException if there is no such directory, or its
   *     model type is not supported
   * @throws dev.tributary.foundation.error.CorruptArtifactException if a file is not what it says
   */
  public static BaseModel load(Path directory, Kernels kernels) {
    ModelConfig config = HuggingFaceConfig.read(directory);
    try (HuggingFaceWeights files = HuggingFaceWeights.open(directory)) {
      String name = directory.toAbsolutePath().normalize().getFileName().toString();
      return new BaseModel(name, Optional.of(directory), config, files, kernels);
    }
  }

  /**
   * A model whose weights come from anywhere.
   *
   * @param name what adapters call it ({@code base_model_name_or_path})
   */
  public static BaseModel create(
      String name, ModelConfig config, WeightSource source, Kernels kernels) {
    return new BaseModel(name, Optional.empty(), config, source, kernels);
  }

  /** What adapters call it: the directory's last name, unless created under another. */
  public String name() {
    return name;
  }

  /** SHA-256 over configuration and weights: equal for equal models, wherever they were loaded. */
  public String fingerprint() {
    return fingerprint;
  }

  public ModelConfig config() {
    return config;
  }

  /** Where it was loaded from; a model created in memory has none. */
  public Path directory() {
    return directory.orElseThrow(
        () -> new IllegalStateException("'" + name + "' was not loaded from a directory"));
  }

  public Kernels kernels() {
    return kernels;
  }

  public ModelWeights weights() {
    return weights;
  }
}
