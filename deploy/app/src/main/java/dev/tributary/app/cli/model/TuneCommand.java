package dev.tributary.app.cli.model;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.app.cli.progress.Progress;
import dev.tributary.app.tune.Evaluation;
import dev.tributary.app.tune.ModelTask;
import dev.tributary.app.tune.TuneData;
import dev.tributary.app.tune.TuneRecipe;
import dev.tributary.app.tune.TuneRun;
import dev.tributary.app.tune.TuneSettings;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.huggingface.HuggingFaceDirectory;
import dev.tributary.engine.kernels.choice.KernelChoice;
import dev.tributary.engine.score.ClassificationMetrics;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary tune}: trains an adapter, or a whole model, on a file. */
@Command(
    name = "tune",
    description =
        "Train an adapter on a file of records and write it where PEFT loads it; or, with --method"
            + " full, all weights, as a Hugging Face model. No Kafka needed.",
    footer = {
      "",
      "A flag wins over the recipe file, which wins over the default (PEFT's or transformers'"
          + " own).",
      "Record forms of a language model: {\"text\"}, {\"prompt\",\"completion\"},"
          + " {\"instruction\",\"input\",\"output\"},",
      "{\"messages\":[{\"role\",\"content\"}]}, {\"input_ids\",\"labels\"} (-100: not supervised).",
      "Of a classifier (a BERT): {\"text\",\"label\"}, {\"text\",\"text_pair\",\"label\"},"
          + " {\"input_ids\",\"label\"};",
      "the label is an index or a name of the model's id2label, or names learnt from the data.",
      "",
      "Examples:",
      "  tributary tune --model gpt2 --data faq.jsonl --out adapter --max-steps 100",
      "  tributary tune --config recipe.yaml --learning-rate 1e-4",
      "  tributary tune --model bert-base-uncased --data train.jsonl --eval-data test.jsonl \\",
      "      --out adapter --target-modules query,value --learning-rate 5e-4",
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

    TuneData.requireReadable(dataFile);
    ModelTask task = ModelTask.toTune(modelDirectory, dataFile);
    TuneSettings settings = TuneSettings.of(recipe, task.config());
    if (settings.full()) {
      HuggingFaceDirectory.requireElsewhere(out, modelDirectory);
    }
    TuneData data = TuneData.read(task, dataFile, settings.maxLength());
    List<TokenizedExample> heldOut =
        recipe.validationFile() == null
            ? List.of()
            : TuneData.read(task, Path.of(recipe.validationFile()), settings.maxLength())
                .examples();
    TuneSummary summary = train(task, settings, data, heldOut, out);
    new Listing(console, output.format()).print(summary, columns(summary), List.of(summary));
    return 0;
  }

  private TuneSummary train(
      ModelTask task,
      TuneSettings settings,
      TuneData data,
      List<TokenizedExample> heldOut,
      Path out) {
    LossWindow window = new LossWindow(settings.loggingSteps());
    Clock clock = Clock.systemUTC();
    List<Double> ends = new ArrayList<>();
    double seconds;
    Evaluation evaluation = null;
    try (TuneRun run =
        new TuneRun(task, KernelChoice.detect().kernels(), settings, data.examples())) {
      Instant begin = clock.instant();
      try (Progress progress = Progress.start(console, "tune", run.steps(), "step", clock)) {
        run.run(
            step -> {
              window.add(step);
              ends.add(seconds(begin, clock.instant()));
              double rate = window.tokens() / ends.getLast();
              progress.update(
                  step.step(), "loss=%.4f, %.0f tokens/s".formatted(window.mean(), rate));
            });
      }
      seconds = seconds(begin, clock.instant());
      run.save(out);
      if (!heldOut.isEmpty()) {
        evaluation = Evaluation.of(run.score(heldOut));
      }
    }
    Optional<ClassificationMetrics> metrics = window.metrics();
    return new TuneSummary(
        out.toString(),
        data.examples().size(),
        data.truncated(),
        data.unsupervised(),
        window.steps(),
        window.tokens(),
        window.supervisedTokens(),
        window.mean(),
        metrics.map(ClassificationMetrics::accuracy).orElse(null),
        metrics.map(ClassificationMetrics::macroF1).orElse(null),
        evaluation,
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

  private static List<Column<TuneSummary>> columns(TuneSummary summary) {
    List<Column<TuneSummary>> columns =
        new ArrayList<>(
            List.of(
                Column.of("OUTPUT", TuneSummary::output),
                Column.number("EXAMPLES", TuneSummary::examples),
                Column.<TuneSummary>number("TRUNCATED", TuneSummary::truncated).onlyWide(),
                Column.<TuneSummary>number("UNSUPERVISED", TuneSummary::unsupervised).onlyWide(),
                Column.number("STEPS", TuneSummary::steps),
                Column.number("TOKENS", TuneSummary::tokens),
                Column.<TuneSummary>number("SUPERVISED", TuneSummary::supervisedTokens).onlyWide(),
                Column.number("LOSS", s -> "%.4f".formatted(s.loss()))));
    if (summary.accuracy() != null) {
      columns.add(Column.number("ACCURACY", s -> "%.4f".formatted(s.accuracy())));
      columns.add(Column.number("MACRO_F1", s -> "%.4f".formatted(s.macroF1())));
    }
    if (summary.evaluation() != null) {
      addEvaluation(columns, summary.evaluation());
    }
    columns.add(Column.number("SECONDS", s -> "%.1f".formatted(s.seconds())));
    columns.add(Column.number("TOKENS/S", s -> "%.0f".formatted(s.tokensPerSecond())));
    return columns;
  }

  private static void addEvaluation(List<Column<TuneSummary>> columns, Evaluation evaluation) {
    columns.add(Column.number("EVAL_LOSS", s -> "%.4f".formatted(evaluation.meanLoss())));
    if (evaluation.hasClasses()) {
      columns.add(Column.number("EVAL_ACCURACY", s -> "%.4f".formatted(evaluation.accuracy())));
      columns.add(Column.number("EVAL_MACRO_F1", s -> "%.4f".formatted(evaluation.macroF1())));
    } else {
      columns.add(Column.number("EVAL_PERPLEXITY", s -> "%.4f".formatted(evaluation.perplexity())));
    }
  }
}
