package dev.tributary.app.tune;

import java.util.List;

/**
 * What to train, and how, in the words of PEFT, transformers and TRL: a recipe file, the command's
 * flags, or one over the other. Every component may be null, which leaves it to the next in line.
 *
 * @param modelNameOrPath directory of the base model
 * @param trainFile JSONL records
 * @param validationFile JSONL records that what was trained is measured by at the end
 * @param outputDir where the PEFT adapter goes, or the model that was trained in full
 * @param peftType {@code lora}, or {@code full} for all weights
 * @param r rank; default 8
 * @param loraAlpha scale; default 8
 * @param loraDropout share dropped; default 0
 * @param targetModules modules to adapt; default as PEFT's for the model's family
 * @param useRslora scale by the root of the rank; default false
 * @param learningRate peak rate; default 5e-5
 * @param lrSchedulerType {@code linear}, {@code cosine} or {@code constant}; default linear
 * @param warmupSteps steps of linear rise; default 0
 * @param weightDecay decoupled decay; default 0
 * @param maxGradNorm clipping norm, 0 for none; default 1
 * @param perDeviceTrainBatchSize sequences in a step; default 8
 * @param maxLength longest sequence in tokens; default the model's context, at most 1,024
 * @param maxSteps steps altogether; wins over epochs
 * @param numTrainEpochs times through the data; default 3
 * @param seed of dropout, weights and order; default 42
 * @param loggingSteps steps between two remarks on the loss; default 10
 */
public record TuneRecipe(
    String modelNameOrPath,
    String trainFile,
    String validationFile,
    String outputDir,
    String peftType,
    Integer r,
    Double loraAlpha,
    Double loraDropout,
    List<String> targetModules,
    Boolean useRslora,
    Double learningRate,
    String lrSchedulerType,
    Integer warmupSteps,
    Double weightDecay,
    Double maxGradNorm,
    Integer perDeviceTrainBatchSize,
    Integer maxLength,
    Integer maxSteps,
    Double numTrainEpochs,
    Long seed,
    Integer loggingSteps) {

  /** Nothing said about anything. */
  public static final TuneRecipe EMPTY =
      new TuneRecipe(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null);

  /** This recipe, with what it leaves open taken from another. */
  public TuneRecipe over(TuneRecipe other) {
    return new TuneRecipe(
        first(modelNameOrPath, other.modelNameOrPath),
        first(trainFile, other.trainFile),
        first(validationFile, other.validationFile),
        first(outputDir, other.outputDir),
        first(peftType, other.peftType),
        first(r, other.r),
        first(loraAlpha, other.loraAlpha),
        first(loraDropout, other.loraDropout),
        first(targetModules, other.targetModules),
        first(useRslora, other.useRslora),
        first(learningRate, other.learningRate),
        first(lrSchedulerType, other.lrSchedulerType),
        first(warmupSteps, other.warmupSteps),
        first(weightDecay, other.weightDecay),
        first(maxGradNorm, other.maxGradNorm),
        first(perDeviceTrainBatchSize, other.perDeviceTrainBatchSize),
        first(maxLength, other.maxLength),
        first(maxSteps, other.maxSteps),
        first(numTrainEpochs, other.numTrainEpochs),
        first(seed, other.seed),
        first(loggingSteps, other.loggingSteps));
  }

  private static <T> T first(T preferred, T other) {
    return preferred == null ? other : preferred;
  }
}
