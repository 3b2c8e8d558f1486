package dev.tributary.app.tune;

import dev.tributary.engine.data.ClassLabels;
import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.huggingface.HuggingFaceLabels;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model directory is used for: predicting tokens, or telling classes apart.
 *
 * @param directory Hugging Face directory of the base model
 * @param config with the number of classes, if there are any
 * @param labels the classes; empty for a language model
 */
public record ModelTask(Path directory, ModelConfig config, Optional<ClassLabels> labels) {

  /**
   * For training. A classifier's classes are those that the model names; one without names of its
   * own, or without a classifier, takes those of the data.
   *
   * @param data JSONL records
   * @throws ConfigException if model and data do not fit
   */
  public static ModelTask toTune(Path directory, Path data) {
    ModelConfig saved = HuggingFaceConfig.read(directory);
    return saved.family().isEncoder()
        ? classifier(directory, classesToTune(directory, saved, data))
        : new ModelTask(directory, saved, Optional.empty());
  }

  /**
   * For scoring. A classifier's classes are those the adapter was trained for; without adapter,
   * those of the model.
   *
   * @param adapter PEFT directory, if there is one
   * @throws ConfigException if the model is an encoder, and nothing has a classifier
   */
  public static ModelTask toScore(Path directory, Optional<Path> adapter) {
    ModelConfig saved = HuggingFaceConfig.read(directory);
    if (!saved.family().isEncoder()) {
      return new ModelTask(directory, saved, Optional.empty());
    }
    return classifier(
        directory,
        adapter
            .flatMap(path -> ofAdapter(path, directory))
            .or(() -> ofModel(directory, saved))
            .orElseThrow(
                () ->
                    new ConfigException(
                        directory
                            + ": the model has no classifier; train one with 'tributary tune', and"
                            + " name it with --adapter")));
  }

  /** Loads the frozen model. */
  public BaseModel load(Kernels kernels) {
    return labels.isPresent()
        ? BaseModel.loadClassifier(directory, config.labels(), kernels)
        : BaseModel.load(directory, kernels);
  }

  /** Loads all weights, to be trained. */
  public ParameterBlock readParameters() {
    return BaseModel.readParameters(directory, config);
  }

  private static ModelTask classifier(Path directory, ClassLabels labels) {
    return new ModelTask(
        directory, BaseModel.classifierConfig(directory, labels.size()), Optional.of(labels));
  }

  private static ClassLabels classesToTune(Path directory, ModelConfig saved, Path data) {
    Optional<ClassLabels> named =
        HuggingFaceLabels.ofModel(directory).filter(classes -> !classes.isNumbered());
    if (named.isPresent()) {
      return named.get();
    }
    ClassLabels learnt = ClassLabels.learn(data);
    // Numbers may leave out the highest classes of a model that has them.
    boolean some = saved.isClassifier() && learnt.isNumbered() && learnt.size() <= saved.labels();
    return some ? ClassLabels.numbered(saved.labels()) : learnt;
  }

  private static Optional<ClassLabels> ofAdapter(Path adapter, Path directory) {
    return HuggingFaceLabels.ofAdapter(adapter)
        .or(() -> numbered(PeftDirectory.classes(adapter).orElse(0), directory));
  }

  private static Optional<ClassLabels> ofModel(Path directory, ModelConfig config) {
    return numbered(config.labels(), directory);
  }

  /** So many classes, by the model's names if it has just as many. */
  private static Optional<ClassLabels> numbered(int classes, Path directory) {
    if (classes == 0) {
      return Optional.empty();
    }
    return HuggingFaceLabels.ofModel(directory)
        .filter(labels -> labels.size() == classes)
        .or(() -> Optional.of(ClassLabels.numbered(classes)));
  }
}
