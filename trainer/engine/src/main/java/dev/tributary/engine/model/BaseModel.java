package dev.tributary.engine.model;

import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.huggingface.HuggingFaceWeights;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A frozen model, loaded once and shared by every trainer, scorer and generator of the process.
 * Immutable; safe for any number of threads.
 */
public final class BaseModel {

  /** Of the weights a head that was not saved begins with. */
  private static final long HEAD_SEED = 42;

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
      this.weights = ModelWeights.of(config, tensors::tokens, tensors::tensor, tensors::matrix);
      this.fingerprint = tensors.fingerprint();
    }
  }

  /**
   * Loads a Hugging Face directory ({@code config.json}, {@code model.safetensors}).
   *
   * @throws ConfigException if there is no such directory, or its model type is not supported
   * @throws dev.tributary.foundation.error.CorruptArtifactException if a file is not what it says
   */
  public static BaseModel load(Path directory, Kernels kernels) {
    ModelConfig config = HuggingFaceConfig.read(directory);
    try (HuggingFaceWeights files = HuggingFaceWeights.open(directory)) {
      return new BaseModel(nameOf(directory), Optional.of(directory), config, files, kernels);
    }
  }

  /**
   * Loads a Hugging Face directory as a classifier. A model that was saved without a classifier
   * gets a fresh one, as in transformers: normal with deviation 0.02, biases 0; always the same.
   *
   * @param labels number of classes
   * @throws ConfigException if the family cannot be a classifier, or was saved as one of another
   *     number of classes
   */
  public static BaseModel loadClassifier(Path directory, int labels, Kernels kernels) {
    ModelConfig config = classifierConfig(directory, labels);
    try (HuggingFaceWeights files = HuggingFaceWeights.open(directory)) {
      WeightSource source = source(config, files);
      return new BaseModel(nameOf(directory), Optional.of(directory), config, source, kernels);
    }
  }

  /**
   * The shape of a directory's model as a classifier.
   *
   * @throws ConfigException as {@link #loadClassifier}
   */
  public static ModelConfig classifierConfig(Path directory, int labels) {
    ModelConfig saved = HuggingFaceConfig.read(directory);
    requireClassifier(directory, saved, labels);
    return saved.withLabels(labels);
  }

  /**
   * All weights of a directory's model as float32 on memory of their own: where full fine-tuning
   * starts.
   *
   * @param config what {@link HuggingFaceConfig#read} or {@link #classifierConfig} gave
   */
  public static ParameterBlock readParameters(Path directory, ModelConfig config) {
    try (HuggingFaceWeights files = HuggingFaceWeights.open(directory)) {
      return ModelLayout.read(config, source(config, files));
    }
  }

  private static WeightSource source(ModelConfig config, HuggingFaceWeights files) {
    return config.isClassifier()
        ? new HeadlessWeights(files, new RandomWeights(config, HEAD_SEED))
        : files;
  }

  private static void requireClassifier(Path directory, ModelConfig saved, int labels) {
    if (!saved.family().isEncoder()) {
      throw new ConfigException(
          "%s: model_type: '%s' cannot be a classifier; use a bert"
              .formatted(directory, saved.modelType()));
    }
    if (saved.isClassifier() && saved.labels() != labels) {
      throw new ConfigException(
          "%s: the model tells %d classes apart, but %d are wanted; use a model without a classifier, or labels of its id2label"
              .formatted(directory, saved.labels(), labels));
    }
  }

  private static String nameOf(Path directory) {
    return directory.toAbsolutePath().normalize().getFileName().toString();
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
