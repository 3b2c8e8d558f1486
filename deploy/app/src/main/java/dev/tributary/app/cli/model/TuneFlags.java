package dev.tributary.app.cli.model;

import dev.tributary.app.tune.TuneRecipe;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The flags of {@code tune}: PEFT's and transformers' names with hyphens. What is not given stays
 * null.
 */
final class TuneFlags {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Hugging Face directory of the base model.")
  private Path model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Records, one JSON object a line; forms below.")
  private Path data;

  @Option(
      names = "--eval-data",
      paramLabel = "FILE",
      description = "Records that what was trained is measured by at the end.")
  private Path evalData;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the PEFT adapter goes; with --method full, the model.")
  private Path out;

  @Option(
      names = "--method",
      paramLabel = "NAME",
      description = "lora for an adapter, full for all weights; default lora.")
  private String method;

  @Option(names = "--r", paramLabel = "N", description = "Rank of the update; default 8.")
  private Integer r;

  @Option(
      names = "--lora-alpha",
      paramLabel = "X",
      description = "Scale of the update, divided by r; default 8.")
  private Double loraAlpha;

  @Option(
      names = "--lora-dropout",
      paramLabel = "P",
      description = "Share of inputs dropped; default 0.")
  private Double loraDropout;

  @Option(
      names = "--target-modules",
      paramLabel = "NAME",
      split = ",",
      description =
          "Modules to adapt, or all-linear; default PEFT's: c_attn, or query,value, or"
              + " q_proj,v_proj.")
  private List<String> targetModules;

  @Option(
      names = "--use-rslora",
      description = "Scale by the root of the rank instead.",
      defaultValue = Option.NULL_VALUE)
  private Boolean useRslora;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Peak learning rate; default 5e-5.")
  private Double learningRate;

  @Option(
      names = "--lr-scheduler-type",
      paramLabel = "NAME",
      description = "linear, cosine or constant; default linear.")
  private String lrSchedulerType;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "Steps of linear rise; default 0.")
  private Integer warmupSteps;

  @Option(names = "--weight-decay", paramLabel = "X", description = "Decoupled decay; default 0.")
  private Double weightDecay;

  @Option(
      names = "--max-grad-norm",
      paramLabel = "X",
      description = "Clipping norm, 0 for none; default 1.")
  private Double maxGradNorm;

  @Option(
      names = "--per-device-train-batch-size",
      paramLabel = "N",
      description = "Sequences in a step; default 8.")
  private Integer batchSize;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Longest sequence in tokens; default the model's context, at most 1024.")
  private Integer maxLength;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      description = "Steps altogether; wins over epochs.")
  private Integer maxSteps;

  @Option(
      names = "--num-train-epochs",
      paramLabel = "X",
      description = "Times through the data; default 3.")
  private Double epochs;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of weights, dropout and order; default 42.")
  private Long seed;

  @Option(
      names = "--logging-steps",
      paramLabel = "N",
      description = "Steps the shown loss is averaged over; default 10.")
  private Integer loggingSteps;

  TuneRecipe recipe() {
    return new TuneRecipe(
        text(model),
        text(data),
        text(evalData),
        text(out),
        method,
        r,
        loraAlpha,
        loraDropout,
        targetModules,
        useRslora,
        learningRate,
        lrSchedulerType,
        warmupSteps,
        weightDecay,
        maxGradNorm,
        batchSize,
        maxLength,
        maxSteps,
        epochs,
        seed,
        loggingSteps);
  }

  private static String text(Path path) {
    return path == null ? null : path.toString();
  }
}
