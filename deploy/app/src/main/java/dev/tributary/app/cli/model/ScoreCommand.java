package dev.tributary.app.cli.model;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.app.cli.progress.Progress;
import dev.tributary.app.tune.ModelTask;
import dev.tributary.app.tune.TuneData;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary score}: how well a model predicts the records of a file. */
@Command(
    name = "score",
    description =
        "Print the loss of a model on every record of a file, and over all of them. No Kafka"
            + " needed.",
    footer = {
      "",
      "One line a record: its number, supervised tokens, summed loss in nats. The total with mean",
      "loss and perplexity goes to standard error, or into the document with -o json. Of a",
      "classifier: number, label, prediction, loss; in total mean loss, accuracy and macro F1.",
      "",
      "Examples:",
      "  tributary score --model gpt2 --data heldout.jsonl",
      "  tributary score --model gpt2 --adapter adapter --data heldout.jsonl -o json"
    })
public final class ScoreCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ModelOptions options;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Records, one JSON object a line; the forms of 'tributary tune'.")
  private Path data;

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Longest sequence in tokens; default the model's context.")
  private Integer maxLength;

  @Mixin private OutputOption output;

  public ScoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ModelTask task = options.toScore();
    int longest = maxLength == null ? task.config().contextLength() : maxLength;
    TuneData records = TuneData.read(task, data, longest);
    List<Score> scores = score(options.load(task), records.examples());
    ScoreReport report = ScoreReport.of(task, scores, records.truncated(), records.unsupervised());
    new Listing(console, output.format())
        .print(report, report.hasClasses() ? classColumns() : columns(), report.records());
    console.note(report.totals());
    return 0;
  }

  /**
   * Record by record, so that there is something to show; the engine packs nothing across this
   * boundary.
   */
  private List<Score> score(BaseModel model, List<TokenizedExample> examples) {
    LoraAdapter adapter = options.adapterOrNull(model);
    int longest = examples.stream().mapToInt(TokenizedExample::length).max().orElse(1);
    List<Score> scores = new ArrayList<>(examples.size());
    try (Scorer scorer = new Scorer(model, longest);
        Progress progress =
            Progress.start(console, "score", examples.size(), "record", Clock.systemUTC())) {
      for (TokenizedExample example : examples) {
        scores.addAll(scorer.score(adapter, List.of(example)));
        progress.update(scores.size(), "");
      }
    }
    return scores;
  }

  private static List<Column<ScoredRecord>> classColumns() {
    return List.of(
        Column.number("RECORD", ScoredRecord::record),
        Column.of("LABEL", ScoredRecord::label),
        Column.of("PREDICTION", ScoredRecord::prediction),
        Column.number("LOSS", record -> "%.6f".formatted(record.loss())));
  }

  private static List<Column<ScoredRecord>> columns() {
    return List.of(
        Column.number("RECORD", ScoredRecord::record),
        Column.number("SUPERVISED_TOKENS", ScoredRecord::supervisedTokens),
        Column.number("LOSS", record -> "%.6f".formatted(record.loss())));
  }
}
