package dev.tributary.engine.peft.lora;

import dev.tributary.engine.model.ModelLayout;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.Set;

/**
 * What a LoRA adapter is made of, in PEFT's words (<a href="https://arxiv.org/abs/2106.09685">Hu et
 * al. 2021</a>).
 *
 * @param r rank of the update
 * @param loraAlpha the update is scaled by {@code loraAlpha / r}
 * @param loraDropout share of the adapter's inputs dropped while training, from 0 up to but not
 *     including 1
 * @param targetModules name endings of the linear modules to adapt ({@code c_attn}, {@code
 *     mlp.c_proj}), or {@code all-linear} alone for every linear module but the head
 * @param useRslora scale by {@code loraAlpha / sqrt(r)} instead (<a
 *     href="https://arxiv.org/abs/2312.03732">Kalajdzievski 2023</a>)
 * @param modulesToSave modules trained in full and stored with the adapter: {@code classifier}, of
 *     a classifier, or none; PEFT's {@code score} is accepted beside it and means nothing here
 */
public record LoraConfig(
    int r,
    double loraAlpha,
    double loraDropout,
    List<String> targetModules,
    boolean useRslora,
    List<String> modulesToSave) {

  /** The module to save of a classifier. */
  public static final String CLASSIFIER = ModelLayout.CLASSIFIER;

  /** The target that stands for every linear module but the head. */
  public static final String ALL_LINEAR = "all-linear";

  public LoraConfig {
    if (r < 1) {
      throw ConfigException.of("r", r, "use a whole number of at least 1");
    }
    if (!Double.isFinite(loraAlpha) || loraAlpha <= 0) {
      throw ConfigException.of("lora_alpha", loraAlpha, "use a positive number");
    }
    if (!(loraDropout >= 0 && loraDropout < 1)) {
      throw ConfigException.of("lora_dropout", loraDropout, "use a number from 0 up to 0.99");
    }
    if (targetModules == null || targetModules.isEmpty()) {
      throw ConfigException.of(
          "target_modules", targetModules, "name at least one module, such as c_attn");
    }
    targetModules = List.copyOf(targetModules);
    if (targetModules.contains(ALL_LINEAR) && targetModules.size() > 1) {
      throw ConfigException.of(
          "target_modules", targetModules, "let '" + ALL_LINEAR + "' stand alone");
    }
    modulesToSave = modulesToSave == null ? List.of() : List.copyOf(modulesToSave);
    if (!Set.of(CLASSIFIER, "score").containsAll(modulesToSave)) {
      throw ConfigException.of(
          "modules_to_save", modulesToSave, "only '" + CLASSIFIER + "' can be trained in full");
    }
  }

  public LoraConfig(
      int r, double loraAlpha, double loraDropout, List<String> targetModules, boolean useRslora) {
    this(r, loraAlpha, loraDropout, targetModules, useRslora, List.of());
  }

  public LoraConfig(int r, double loraAlpha, double loraDropout, List<String> targetModules) {
    this(r, loraAlpha, loraDropout, targetModules, false);
  }

  /** Whether the layer that tells classes apart is trained in full and stored with the adapter. */
  public boolean savesClassifier() {
    return modulesToSave.contains(CLASSIFIER);
  }

  /** The factor on the product of B and A. */
  public float scaling() {
    return (float) (loraAlpha / (useRslora ? Math.sqrt(r) : r));
  }

  /**
   * Whether a module is adapted: PEFT's rule, a target is the whole name or its ending after a dot.
   *
   * @param module full name of a linear module, such as {@code transformer.h.0.attn.c_attn}
   */
  public boolean adapts(String module) {
    return targetModules.stream().anyMatch(target -> matches(target, module));
  }

  /** {@link #adapts} for one target. */
  public static boolean matches(String target, String module) {
    return target.equals(ALL_LINEAR) || target.equals(module) || module.endsWith("." + target);
  }
}
