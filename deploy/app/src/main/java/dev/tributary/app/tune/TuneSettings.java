package dev.tributary.app.tune;

import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.Locale;

/**
 * A recipe with every gap filled and every value checked, for one model. Defaults are PEFT's and
 * transformers'.
 *
 * @param full whether all weights are trained, instead of an adapter
 * @param lora the adapter; not looked at if all weights are trained
 * @param batchSize sequences in a step
 * @param maxLength longest sequence in tokens
 * @param maxSteps as asked for, or 0 if the epochs decide
 * @param epochs times through the data, where {@code maxSteps} is 0
 */
public record TuneSettings(
    boolean full,
    LoraConfig lora,
    double learningRate,
    Schedule schedule,
    int warmupSteps,
    double weightDecay,
    double maxGradNorm,
    int batchSize,
    int maxLength,
    int maxSteps,
    double epochs,
    long seed,
    int loggingSteps) {

  private static final String LORA = "lora";
  private static final String FULL = "full";
  private static final int MOST_DEFAULT_LENGTH = 1_024;

  /** What PEFT trains in full beside the adapter of a classifier. */
  private static final List<String> CLASSIFIERS = List.of(LoraConfig.CLASSIFIER, "score");

  /**
   * @throws ConfigException naming the first value that cannot be used
   */
  public static TuneSettings of(TuneRecipe recipe, ModelConfig model) {
    boolean full = isFull(or(recipe.peftType(), LORA));
    int context = model.contextLength();
    int maxLength = or(recipe.maxLength(), Math.min(context, MOST_DEFAULT_LENGTH));
    require(
        maxLength >= 2 && maxLength <= context,
        "max_length",
        maxLength,
        "use 2 to %d, the model's context".formatted(context));
    int batchSize = or(recipe.perDeviceTrainBatchSize(), 8);
    require(
        batchSize >= 1 && batchSize <= 4_096,
        "per_device_train_batch_size",
        batchSize,
        "use a whole number from 1 to 4096");
    // Hugging Face's -1 means that the epochs decide.
    int maxSteps = Math.max(0, or(recipe.maxSteps(), 0));
    double epochs = or(recipe.numTrainEpochs(), 3.0);
    require(
        epochs > 0 && epochs <= 10_000,
        "num_train_epochs",
        epochs,
        "use a number above 0, up to 10000");
    int loggingSteps = or(recipe.loggingSteps(), 10);
    require(loggingSteps >= 1, "logging_steps", loggingSteps, "use a whole number of at least 1");
    return new TuneSettings(
        full,
        lora(recipe, model),
        or(recipe.learningRate(), 5e-5),
        Schedule.parse(or(recipe.lrSchedulerType(), "linear")),
        or(recipe.warmupSteps(), 0),
        or(recipe.weightDecay(), 0.0),
        or(recipe.maxGradNorm(), 1.0),
        batchSize,
        maxLength,
        maxSteps,
        epochs,
        or(recipe.seed(), 42L),
        loggingSteps);
  }

  /** How many steps a data set of this size gives. */
  public int steps(int examples) {
    if (maxSteps > 0) {
      return maxSteps;
    }
    int stepsPerEpoch = Math.ceilDiv(examples, batchSize);
    return (int) Math.max(1, Math.ceil(stepsPerEpoch * epochs));
  }

  /** The optimiser for a run of so many steps, with PyTorch's betas and epsilon. */
  public OptimizerConfig optimizer(int steps) {
    return new OptimizerConfig(
        learningRate, weightDecay, 0.9, 0.999, 1e-8, maxGradNorm, schedule, warmupSteps, steps);
  }

  private static LoraConfig lora(TuneRecipe recipe, ModelConfig model) {
    return new LoraConfig(
        or(recipe.r(), 8),
        or(recipe.loraAlpha(), 8.0),
        or(recipe.loraDropout(), 0.0),
        or(recipe.targetModules(), defaultTargets(model)),
        or(recipe.useRslora(), false),
        model.isClassifier() ? CLASSIFIERS : List.of());
  }

  /** As PEFT has them for each family. */
  private static List<String> defaultTargets(ModelConfig model) {
    return switch (model.family()) {
      case GPT2 -> List.of("c_attn");
      case BERT -> List.of("query", "value");
      case LLAMA, MISTRAL, QWEN2, QWEN3 -> List.of("q_proj", "v_proj");
    };
  }

  private static boolean isFull(String method) {
    String name = method.toLowerCase(Locale.ROOT);
    require(
        name.equals(LORA) || name.equals(FULL),
        "peft_type",
        method,
        "use lora, or full to train all weights");
    return name.equals(FULL);
  }

  private static void require(boolean holds, String field, Object value, String fix) {
    if (!holds) {
      throw ConfigException.of(field, value, fix);
    }
  }

  private static <T> T or(T value, T fallback) {
    return value == null ? fallback : value;
  }
}
