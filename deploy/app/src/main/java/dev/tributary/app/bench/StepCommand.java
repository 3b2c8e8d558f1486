package dev.tributary.app.bench;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.tune.ModelTask;
import dev.tributary.app.tune.TuneData;
import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.train.StepResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary bench-step}: one of the processes {@code deploy/bench/run cpu} measures. */
@Command(
    name = "bench-step",
    hidden = true,
    description = "Time optimiser steps, one round for every line of the standard input.")
public final class StepCommand implements Callable<Integer> {

  private final Console console;
  private final PhaseTimes phases = new PhaseTimes(System::nanoTime);

  @Mixin private BenchModel model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Records as JSON lines, {\"input_ids\",\"labels\"}.")
  private Path data;

  @Option(names = "--tokens-per-step", required = true, description = "Most tokens of a step.")
  private int tokensPerStep;

  @Option(names = "--records-per-round", required = true, description = "Records of a round.")
  private int recordsPerRound;

  @Option(
      names = "--seconds",
      defaultValue = "0",
      description = "A round goes through its records again until so much time is over.")
  private double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "0",
      description = "Seconds of steps that are not measured, before the first round.")
  private double warmUp;

  @Option(
      names = "--target-modules",
      split = ",",
      description = "Train a LoRA adapter on these modules; without it, every weight.")
  private List<String> targetModules = List.of();

  @Option(names = "--r", defaultValue = "8", description = "Rank; default ${DEFAULT-VALUE}.")
  private int r;

  @Option(names = "--lora-alpha", defaultValue = "32", description = "Default ${DEFAULT-VALUE}.")
  private double loraAlpha;

  @Option(names = "--lora-dropout", defaultValue = "0.1", description = "Default ${DEFAULT-VALUE}.")
  private double loraDropout;

  @Option(names = "--learning-rate", defaultValue = "1e-4", description = "Constant.")
  private double learningRate;

  @Option(names = "--seed", defaultValue = "0", description = "Of adapter and dropout.")
  private long seed;

  private int round;

  public StepCommand(Console console) {
    this.console = console;
  }

  /**
   * What the process says of itself once it is warm.
   *
   * @param kernels what computes
   * @param firstLoss of the first step of the warm-up: the peer's must be the same; null without
   *     one
   */
  record Ready(String kernels, String description, Double firstLoss) {}

  @Override
  public Integer call() throws IOException {
    ModelTask task = model.task();
    Kernels kernels = model.loadKernels();
    int longest = Math.min(tokensPerStep, task.config().contextLength());
    StepPlan plan =
        StepPlan.of(TuneData.read(task, data, longest).examples(), tokensPerStep, recordsPerRound);
    try (Learner learner = learner(task, kernels)) {
      Optional<Double> firstLoss =
          warmUp > 0
              ? Optional.of(measure(learner, plan.round(0), warmUp).losses().getFirst())
              : Optional.empty();
      new Rounds(System.in, console)
          .serve(
              new Ready(kernels.name(), kernels.description(), firstLoss.orElse(null)),
              () -> measure(learner, plan.round(round++), seconds));
    }
    return ExitCode.DONE;
  }

  private Learner learner(ModelTask task, Kernels kernels) {
    OptimizerConfig optimizer = OptimizerConfig.constant(learningRate);
    if (targetModules.isEmpty()) {
      return Learner.full(task, kernels, tokensPerStep, optimizer, phases);
    }
    LoraConfig lora = new LoraConfig(r, loraAlpha, loraDropout, targetModules);
    return Learner.adapter(task.load(kernels), tokensPerStep, lora, optimizer, seed, phases);
  }

  private StepRound measure(Learner learner, List<PackedBatch> steps, double leastSeconds) {
    List<Double> losses = new ArrayList<>();
    long tokens = 0;
    long supervised = 0;
    double passed;
    phases.reset();
    long began = System.nanoTime();
    do {
      for (PackedBatch batch : steps) {
        phases.stepBegins();
        StepResult step = learner.step(batch);
        losses.add(step.meanLoss());
        tokens += step.tokens();
        supervised += step.supervisedTokens();
      }
      passed = (System.nanoTime() - began) / 1e9;
    } while (passed < leastSeconds);
    return new StepRound(
        passed, losses.size(), tokens, supervised, phases.seconds(), losses, PeakMemory.bytes());
  }
}
