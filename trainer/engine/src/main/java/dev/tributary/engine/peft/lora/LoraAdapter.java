package dev.tributary.engine.peft.lora;

import dev.tributary.engine.model.LinearSite;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.foundation.error.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The weights of one LoRA adapter: for every adapted module A {@code [r, in]} and B {@code [out,
 * r]}, named as in PEFT's {@code adapter_model.safetensors}. Only its trainer writes to it; a
 * {@link #copy} can be handed to other threads.
 */
public final class LoraAdapter {

  private static final String PREFIX = "base_model.model.";

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
      for (LinearSite site : LinearSite.values()) {
        String module = site.module(layer);
        if (config.adapts(module)) {
          layout.add(nameOfA(module), config.r(), site.inputs(model));
          layout.add(nameOfB(module), site.outputs(model), config.r());
        }
      }
    }
    return layout.build();
  }

  private static void requireMatch(String target, ModelConfig model) {
    List<String> modules =
        IntStream.range(0, model.layers())
            .boxed()
            .flatMap(layer -> Arrays.stream(LinearSite.values()).map(site -> site.module(layer)))
            .toList();
    if (modules.stream().noneMatch(module -> LoraConfig.matches(target, module))) {
      throw ConfigException.of(
          "target_modules",
          target,
          "no linear module of a %s ends so; use c_attn, attn.c_proj, mlp.c_fc, mlp.c_proj or %s"
              .formatted(model.modelType(), LoraConfig.ALL_LINEAR));
    }
  }
}
