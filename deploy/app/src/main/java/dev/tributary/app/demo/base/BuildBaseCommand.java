package dev.tributary.app.demo.base;

import dev.tributary.app.cli.Console;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.choice.KernelChoice;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.train.StepResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code tributary demo-base}: makes the demonstration's base model again, or another, from nothing
 * but this program.
 */
@Command(
    name = "demo-base",
    hidden = true,
    description =
        "Make the base model of a small world: write its text, learn its tokenizer, train its"
            + " weights (ten minutes on two cores), and examine it.")
public final class BuildBaseCommand implements Callable<Integer> {

  private static final int QUESTIONS_PER_FACT = 10;
  private static final int STEPS_PER_LINE = 25;

  private final Console console;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where to write the model.")
  private Path out;

  @Option(
      names = "--world",
      paramLabel = "NAME",
      defaultValue = "shop",
      description = "Which one: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}, the demo's.")
  private World world;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimiser steps; default: as the world's recipe says.")
  private Integer steps;

  @Option(names = "--examine-only", description = "Only examine the model that is there.")
  private boolean examineOnly;

  public BuildBaseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Kernels kernels = KernelChoice.detect().kernels();
    if (!examineOnly) {
      BaseRecipe recipe = steps == null ? world.recipe() : world.recipe().withSteps(steps);
      new BaseBuilder(world, recipe, kernels).build(out, step -> report(step, recipe));
    }
    examine(kernels);
    return 0;
  }

  private void report(StepResult step, BaseRecipe recipe) {
    if (step.step() % STEPS_PER_LINE == 0 || step.step() == recipe.steps()) {
      console.note("step %d/%d, loss %.4f".formatted(step.step(), recipe.steps(), step.meanLoss()));
    }
  }

  private void examine(Kernels kernels) {
    try (BaseExam exam = new BaseExam(world, BaseModel.load(out, kernels), out)) {
      exam.take(QUESTIONS_PER_FACT, 1)
          .forEach(
              (slice, mark) ->
                  console
                      .out()
                      .printf(
                          "%s\t%d/%d known wordings\t%d/%d unseen wording%n",
                          slice, mark.known(), mark.asked(), mark.unseen(), mark.asked()));
    }
  }
}
