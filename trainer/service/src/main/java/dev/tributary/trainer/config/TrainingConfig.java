package dev.tributary.trainer.config;

import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.trainer.learn.LessonPlan;
import dev.tributary.trainer.pack.BatchLimits;
import java.time.Duration;
import java.util.List;

/**
 * The {@code trainer:} section; names as in PEFT and TRL where they have one. Absent keys take
 * their defaults.
 *
 * @param http where health, metrics and status are served; default port 8082
 * @param groupId consumer group; all trainers of one group share the work; default {@code
 *     tributary-trainer}
 * @param r rank of the LoRA update; null for {@link AdapterDefaults}
 * @param loraAlpha its scale is {@code lora_alpha / r}; default twice the rank
 * @param loraDropout default 0
 * @param targetModules modules to adapt; default {@code all-linear}
 * @param useRslora scale by {@code lora_alpha / sqrt(r)} instead; default false
 * @param learningRate peak; null for {@link AdapterDefaults}
 * @param weightDecay default 0
 * @param adamBeta1 default 0.9
 * @param adamBeta2 default 0.999
 * @param adamEpsilon default 1e-8
 * @param maxGradNorm clip to this global norm, 0 for off; default 1
 * @param warmupSteps optimiser steps of linear warm-up; default 0
 * @param maxSteps end of a linear or cosine schedule; default 0, right for a constant one
 * @param lrSchedulerType {@code constant}, {@code linear} or {@code cosine}; default constant, as a
 *     stream has no end
 * @param seed of all randomness; default 42
 * @param maxLength tokens of an example, longer ones are cut and counted; default what the model
 *     and {@code max_tokens_per_batch} allow
 * @param maxTokensPerBatch tokens of one step, new and rehearsed together; default 4,096
 * @param maxRecordsPerBatch new examples of one micro-batch; default 4,096
 * @param maxPasses budget of a micro-batch: so many steps as passes over all of it take; default 60
 * @param linger how long after its first example, and each 16th, a micro-batch still takes more, in
 *     log-append time, up to 32 times as long; default 1 s
 * @param clockSlack how far this machine's clock may be off the broker's; delays the last batch of
 *     a quiet log; default 250 ms
 * @param replay rehearsal
 * @param candidate when candidates are made
 * @param checkpoint which checkpoints are kept
 */
public record TrainingConfig(
    HttpConfig http,
    String groupId,
    Integer r,
    Double loraAlpha,
    Double loraDropout,
    List<String> targetModules,
    Boolean useRslora,
    Double learningRate,
    Double weightDecay,
    Double adamBeta1,
    Double adamBeta2,
    Double adamEpsilon,
    Double maxGradNorm,
    Long warmupSteps,
    Long maxSteps,
    String lrSchedulerType,
    Long seed,
    Integer maxLength,
    Integer maxTokensPerBatch,
    Integer maxRecordsPerBatch,
    Integer maxPasses,
    Duration linger,
    Duration clockSlack,
    ReplayConfig replay,
    CandidateConfig candidate,
    CheckpointConfig checkpoint) {

  /** Enough that a step on a single correction does not follow it alone. */
  private static final int LEAST_SEQUENCES = 36;

  private static final int STEP_TOKENS = 768;
  private static final int LEAST_PASS_STEPS = 7;
  private static final int MAX_REPAIRS = 6;
  private static final int CHECKED = 192;
  private static final int NEAR = 128;
  private static final int WORDINGS_TAUGHT = 8;
  private static final int WORDINGS_FIRST = 16;
  private static final int SMALL = 16;
  private static final int SMALL_STEP_TOKENS = 256;
  private static final int REPEATED = 64;
  private static final int BLIND_PASSES = 4;
  private static final int FULL_RATE_STEPS = 400;
  private static final double LEAST_RATE = 0.25;
  private static final double REPAIR_RATE = 0.2;

  /** TCP port unless {@code http.port} says otherwise. */
  public static final int DEFAULT_PORT = 8082;

  public static final TrainingConfig DEFAULT =
      new TrainingConfig(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null, null, null, null);

  public TrainingConfig {
    http = HttpConfig.orPort(http, DEFAULT_PORT);
    groupId = or(groupId, "tributary-trainer");
    loraDropout = or(loraDropout, 0.0);
    targetModules = List.copyOf(or(targetModules, List.of(LoraConfig.ALL_LINEAR)));
    useRslora = or(useRslora, false);
    weightDecay = or(weightDecay, 0.0);
    adamBeta1 = or(adamBeta1, 0.9);
    adamBeta2 = or(adamBeta2, 0.999);
    adamEpsilon = or(adamEpsilon, 1e-8);
    maxGradNorm = or(maxGradNorm, 1.0);
    warmupSteps = or(warmupSteps, 0L);
    maxSteps = or(maxSteps, 0L);
    lrSchedulerType = or(lrSchedulerType, "constant");
    seed = or(seed, 42L);
    maxTokensPerBatch = or(maxTokensPerBatch, 4_096);
    maxRecordsPerBatch = or(maxRecordsPerBatch, 4_096);
    maxPasses = or(maxPasses, 60);
    linger = or(linger, Duration.ofSeconds(1));
    clockSlack = or(clockSlack, Duration.ofMillis(250));
    replay = or(replay, ReplayConfig.DEFAULT);
    candidate = or(candidate, CandidateConfig.DEFAULT);
    checkpoint = or(checkpoint, CheckpointConfig.DEFAULT);

    check("group_id", groupId, !groupId.isBlank(), "name a consumer group");
    check(
        "max_tokens_per_batch",
        maxTokensPerBatch,
        maxTokensPerBatch >= 16 && maxTokensPerBatch <= 1 << 20,
        "use a whole number from 16 to 1048576");
    check(
        "max_records_per_batch",
        maxRecordsPerBatch,
        maxRecordsPerBatch >= 1 && maxRecordsPerBatch <= 10_000,
        "use a whole number from 1 to 10000");
    check(
        "max_passes",
        maxPasses,
        maxPasses >= 1 && maxPasses <= 1_000,
        "use a whole number from 1 to 1000");
    check(
        "linger",
        linger,
        !linger.isNegative() && linger.compareTo(Duration.ofHours(1)) <= 0,
        "use a duration from 0s to 1h");
    check(
        "clock_slack",
        clockSlack,
        !clockSlack.isNegative() && clockSlack.compareTo(Duration.ofMinutes(5)) <= 0,
        "use a duration from 0s to 5m");
    int longest = longest(maxTokensPerBatch, replay.share());
    check(
        "max_length",
        maxLength,
        maxLength == null || maxLength >= 2 && maxLength <= longest,
        "use at least 2, and at most the %d tokens that max_tokens_per_batch leaves for new examples"
            .formatted(longest));
    // Fail now, under this section's name, not when the first example comes.
    int anyRank = or(r, 1);
    lora(anyRank, or(loraAlpha, 1.0), loraDropout, targetModules, useRslora);
    optimizer(
        or(learningRate, 1e-3),
        weightDecay,
        adamBeta1,
        adamBeta2,
        adamEpsilon,
        maxGradNorm,
        lrSchedulerType,
        warmupSteps,
        maxSteps);
  }

  /** Questions the base model is let make up, to be rehearsed. */
  public int ownAnswers(ModelConfig model) {
    return replay.share() == 0 ? 0 : AdapterDefaults.of(model).ownAnswers();
  }

  /**
   * @param model what is adapted: it decides the rank where the configuration does not
   */
  public LoraConfig lora(ModelConfig model) {
    int rank = or(r, AdapterDefaults.of(model).r());
    return lora(rank, or(loraAlpha, 2.0 * rank), loraDropout, targetModules, useRslora);
  }

  /**
   * @param model what is adapted: it decides the rate where the configuration does not
   */
  public OptimizerConfig optimizer(ModelConfig model) {
    return optimizer(
        or(learningRate, AdapterDefaults.of(model).learningRate()),
        weightDecay,
        adamBeta1,
        adamBeta2,
        adamEpsilon,
        maxGradNorm,
        lrSchedulerType,
        warmupSteps,
        maxSteps);
  }

  public LessonPlan lessonPlan() {
    return new LessonPlan(
        replay.share(),
        LEAST_SEQUENCES,
        Math.min(STEP_TOKENS, longest(maxTokensPerBatch, replay.share())),
        maxTokensPerBatch,
        maxPasses,
        LEAST_PASS_STEPS,
        MAX_REPAIRS,
        CHECKED,
        NEAR,
        WORDINGS_TAUGHT,
        WORDINGS_FIRST,
        SMALL,
        SMALL_STEP_TOKENS,
        REPEATED,
        BLIND_PASSES,
        FULL_RATE_STEPS,
        LEAST_RATE,
        REPAIR_RATE);
  }

  /**
   * @param model what is adapted: a larger one takes longer over each token, so less is committed
   *     at once
   */
  public BatchLimits batchLimits(ModelConfig model) {
    return new BatchLimits(
        Math.max(
            longest(maxTokensPerBatch, replay.share()), AdapterDefaults.of(model).batchTokens()),
        maxRecordsPerBatch,
        linger.toMillis());
  }

  /**
   * Tokens an example may have.
   *
   * @param contextLength the base model's own limit
   * @throws ConfigException if {@code max_length} is beyond it
   */
  public int maxLength(int contextLength) {
    if (maxLength == null) {
      return Math.min(contextLength, longest(maxTokensPerBatch, replay.share()));
    }
    check(
        "max_length",
        maxLength,
        maxLength <= contextLength,
        "use at most the base model's %d tokens".formatted(contextLength));
    return maxLength;
  }

  private static int longest(int maxTokens, double replayShare) {
    return Math.max(2, (int) Math.floor(maxTokens * (1 - replayShare)));
  }

  private static LoraConfig lora(
      int r, double alpha, double dropout, List<String> targets, boolean rslora) {
    return new LoraConfig(r, alpha, dropout, targets, rslora);
  }

  private static OptimizerConfig optimizer(
      double learningRate,
      double weightDecay,
      double beta1,
      double beta2,
      double epsilon,
      double maxGradNorm,
      String schedule,
      long warmupSteps,
      long maxSteps) {
    return new OptimizerConfig(
        learningRate,
        weightDecay,
        beta1,
        beta2,
        epsilon,
        maxGradNorm,
        Schedule.parse(schedule),
        warmupSteps,
        maxSteps);
  }

  private static void check(String field, Object value, boolean holds, String fix) {
    if (!holds) {
      throw ConfigException.of("trainer." + field, value, fix);
    }
  }

  private static <T> T or(T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
