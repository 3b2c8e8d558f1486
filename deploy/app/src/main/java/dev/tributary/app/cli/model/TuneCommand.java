package dev.tributary.app.cli.model;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.app.cli.progress.Progress;
import dev.tributary.app.tune.TuneData;
import dev.tributary.app.tune.TuneRecipe;
import dev.tributary.app.tune.TuneRun;
import dev.tributary.app.tune.TuneSettings;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.KernelChoice;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary tune}: trains an adapter on a file. */
@Command(
    name = "tune",
    description =
        "Train an adapter on a file of records and write it where PEFT loads it. No Kafka needed.",
    footer = {
      "",
      "A flag wins over the recipe file, which wins over the default (PEFT's or transformers'"
          + " own).",
      "Record forms: {\"text\"}, {\"prompt\",\"completion\"},"
          + " {\"instruction\",\"input\",\"output\"},",
      "{\"messages\":[{\"role\",\"content\"}]}, {\"input_ids\",\"labels\"} (-100: not supervised).",
      "",
      "Examples:",
      "  tributary tune --model gpt2 --data faq.jsonl --out adapter --max-steps 100",
      "  tributary tune --config recipe.yaml --learning-rate 1e-4",
      "  tributary tune --model gpt2 --data faq.jsonl --out adapter --method lora --r 8 \\",
      "      --lora-alpha 32 --lora-dropout 0.1 --target-modules c_attn,c_proj --seed 0"
    })
public final class TuneCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Recipe in YAML: the flags' names with underscores; model_name_or_path, train_file,"
              + " output_dir.")
  private Path config;

  @ArgGroup(validate = false, heading = "")
  private final TuneFlags flags = new TuneFlags();

  @Mixin private ForeignFlags foreign;

  @Mixin private OutputOption output;

  public TuneCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TuneRecipe file = config == null ? TuneRecipe.EMPTY : StrictYaml.read(config, TuneRecipe.class);
    TuneRecipe recipe = flags.recipe().over(file);
    Path modelDirectory = require(recipe.modelNameOrPath(), "--model", "model_name_or_path");
    Path dataFile = require(recipe.trainFile(), "--data", "train_file");
    Path out = require(recipe.outputDir(), "--out", "output_dir");

    BaseModel model = BaseModel.load(modelDirectory, KernelChoice.detect().kernels());
    TuneSettings settings = TuneSettings.of(recipe, model.config());
    TuneData data = TuneData.read(model, dataFile, settings.maxLength());
    TuneSummary summary = train(model, settings, data, out);
    new Listing(console, output.format()).print(summary, columns(), List.of(summary));
    return 0;
  }

  private TuneSummary train(BaseModel model, TuneSettings settings, TuneData data, Path out) {
    TuneRun run = new TuneRun(model, settings, data.examples());
    LossWindow window = new LossWindow(settings.loggingSteps());
    Clock clock = Clock.systemUTC();
    Instant begin = clock.instant();
    List<Double> ends = new ArrayList<>();
    LoraAdapter adapter;
    try (Progress progress = Progress.start(console, "tune", run.steps(), "step", clock)) {
      adapter =
          run.run(
              step -> {
                window.add(step);
                ends.add(seconds(begin, clock.instant()));
                double rate = window.tokens() / ends.getLast();
                progress.update(
                    step.step(), "loss=%.4f, %.0f tokens/s".formatted(window.mean(), rate));
              });
    }
    double seconds = seconds(begin, clock.instant());
    PeftDirectory.write(out, adapter, model.name());
    return new TuneSummary(
        out.toString(),
        data.examples().size(),
        data.truncated(),
        data.unsupervised(),
        window.steps(),
        window.tokens(),
        window.supervisedTokens(),
        window.mean(),
        seconds,
        window.tokens() / seconds,
        medianStep(ends));
  }

  private static double medianStep(List<Double> ends) {
    double[] steps =
        IntStream.range(0, ends.size())
            .mapToDouble(i -> i == 0 ? ends.get(0) : ends.get(i) - ends.get(i - 1))
            .sorted()
            .toArray();
    return steps.length == 0 ? 0 : steps[steps.length / 2];
  }

  private static double seconds(Instant from, Instant to) {
    return Math.max(1, Duration.between(from, to).toNanos()) / 1e9;
  }

  private static Path require(String value, String flag, String key) {
    if (value == null) {
      throw new ConfigException(
          "%s is missing; give the flag, or %s in the file given to --config".formatted(flag, key));
    }
    return Path.of(value);
  }

  private static List<Column<TuneSummary>> columns() {
    return List.of(
        Column.of("ADAPTER", TuneSummary::output),
        Column.number("EXAMPLES", TuneSummary::examples),
        Column.<TuneSummary>number("TRUNCATED", TuneSummary::truncated).onlyWide(),
        Column.<TuneSummary>number("UNSUPERVISED", TuneSummary::unsupervised).onlyWide(),
        Column.number("STEPS", TuneSummary::steps),
        Column.number("TOKENS", TuneSummary::tokens),
        Column.<TuneSummary>number("SUPERVISED", TuneSummary::supervisedTokens).onlyWide(),
        Column.number("LOSS", s -> "%.4f".formatted(s.loss())),
        Column.number("SECONDS", s -> "%.1f".formatted(s.seconds())),
        Column.number("TOKENS/S", s -> "%.0f".formatted(s.tokensPerSecond())));
  }
}
