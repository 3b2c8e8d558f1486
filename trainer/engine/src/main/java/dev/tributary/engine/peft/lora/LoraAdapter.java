package dev.tributary.engine.peft.lora;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.LinearModule;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights.Linear;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The weights of one LoRA adapter: for every adapted module A {@code [r, in]} and B {@code [out,
 * r]}, named as in PEFT's {@code adapter_model.safetensors}. Only its trainer writes to it; a
 * {@link #copy} can be handed to other threads.
 */
public final class LoraAdapter {

  private static final String PREFIX = "base_model.model.";
  private static final String CLASSIFIER = PREFIX + LoraConfig.CLASSIFIER;

  private final LoraConfig config;
  private final ParameterBlock parameters;

  private LoraAdapter(LoraConfig config, ParameterBlock parameters) {
    this.config = config;
    this.parameters = parameters;
  }

  /**
   * All zeros, to be filled from a file.
   *
   * @throws ConfigException if a target matches no linear module of the model
   */
  public static LoraAdapter zeros(ModelConfig model, LoraConfig config) {
    return new LoraAdapter(config, ParameterBlock.zeros(layout(model, config)));
  }

  /**
   * A fresh adapter, which changes nothing yet: B is zero, and A uniform up to {@code 1/sqrt(in)},
   * as PEFT draws it.
   */
  public static LoraAdapter fresh(ModelConfig model, LoraConfig config, long seed) {
    LoraAdapter adapter = zeros(model, config);
    SplittableRandom random = new SplittableRandom(seed);
    adapter
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.endsWith("lora_A.weight")) {
                double bound = 1 / Math.sqrt(tensor.columns());
                for (long i = 0; i < tensor.size(); i++) {
                  tensor.set(i, (float) random.nextDouble(-bound, bound));
                }
              }
            });
    return adapter;
  }

  /** A fresh adapter; what it trains in full starts as it is in the base model. */
  public static LoraAdapter fresh(BaseModel model, LoraConfig config, long seed) {
    LoraAdapter adapter = fresh(model.config(), config, seed);
    if (config.savesClassifier()) {
      Linear classifier = model.weights().classification().orElseThrow().classifier();
      adapter.classifier().dense().values().copyFrom(classifier.dense().values());
      adapter.classifier().biasOrNull().copyFrom(classifier.biasOrNull());
    }
    return adapter;
  }

  /** The adapter's own layer that tells classes apart, if its configuration saves one. */
  public Linear classifier() {
    return classifier(parameters);
  }

  /** The classifier's tensors in a block laid out as an adapter. */
  static Linear classifier(ParameterBlock block) {
    return new Linear(
        DenseWeight.outIn(block.get(CLASSIFIER + ".weight")), block.get(CLASSIFIER + ".bias"));
  }

  /** PEFT's name of a module's A. */
  public static String nameOfA(String module) {
    return PREFIX + module + ".lora_A.weight";
  }

  /** PEFT's name of a module's B. */
  public static String nameOfB(String module) {
    return PREFIX + module + ".lora_B.weight";
  }

  public LoraConfig config() {
    return config;
  }

  /** All A and B by PEFT's names, layer by layer. */
  public SequencedMap<String, Tensor> tensors() {
    return parameters.tensors();
  }

  public ParameterBlock parameters() {
    return parameters;
  }

  public LoraAdapter copy() {
    return new LoraAdapter(config, parameters.copy());
  }

  /** Names and shapes of the adapter's tensors. */
  public static ParameterLayout layout(ModelConfig model, LoraConfig config) {
    config.targetModules().forEach(target -> requireMatch(target, model));
    ParameterLayout.Builder layout = ParameterLayout.builder();
    for (int layer = 0; layer < model.layers(); layer++) {
      for (LinearModule module : model.modules()) {
        String name = module.name(layer);
        if (config.adapts(name)) {
          layout.add(nameOfA(name), config.r(), module.inputs());
          layout.add(nameOfB(name), module.outputs(), config.r());
        }
      }
    }
    if (config.savesClassifier()) {
      requireClassifier(model, config);
      layout.add(CLASSIFIER + ".weight", model.labels(), model.width());
      layout.add(CLASSIFIER + ".bias", 1, model.labels());
    }
    return layout.build();
  }

  private static void requireMatch(String target, ModelConfig model) {
    List<LinearModule> modules = model.modules();
    boolean matches =
        IntStream.range(0, model.layers())
            .boxed()
            .flatMap(layer -> modules.stream().map(module -> module.name(layer)))
            .anyMatch(module -> LoraConfig.matches(target, module));
    if (!matches) {
      String known = modules.stream().map(LinearModule::suffix).collect(Collectors.joining(", "));
      throw ConfigException.of(
          "target_modules",
          target,
          "no linear module of a %s ends so; use %s or %s"
              .formatted(model.modelType(), known, LoraConfig.ALL_LINEAR));
    }
  }

  private static void requireClassifier(ModelConfig model, LoraConfig config) {
    if (!model.isClassifier()) {
      throw ConfigException.of(
          "modules_to_save",
          config.modulesToSave(),
          "this %s is a language model and has no classifier".formatted(model.modelType()));
    }
  }
}
