package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.adapters.EvaluatorClient;
import dev.tributary.app.cli.adapters.EvaluatorOption;
import dev.tributary.app.cli.adapters.ToldAnswers;
import dev.tributary.app.cli.progress.Progress;
import dev.tributary.app.http.GatewayClient;
import dev.tributary.app.http.ServiceHttp;
import dev.tributary.app.records.ImportResult;
import dev.tributary.app.records.ImportResult.Rejection;
import dev.tributary.app.records.Importer;
import dev.tributary.app.records.Trail;
import dev.tributary.foundation.AdapterId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tributary import}: sends a file of records to an adapter. */
@Command(
    name = "import",
    description = "Send a file of records to the ingest service, to be trained into an adapter.",
    footer = {
      "",
      "The format is detected: JSON lines, a JSON array, or CSV with a heading; in it OpenAI's",
      "messages, ShareGPT's conversations, Alpaca's instruction/input/output, TRL's",
      "prompt/completion, or text,category. The fields id, slice, fact_key, source, author_id,",
      "subject_id, timestamp and metadata are taken along.",
      "",
      "How far it got stands in FILE.<adapter>.offset; the same command goes on from there.",
      "",
      "With --wait, up to 50 records, the last among them, are followed until all are served,",
      "refused or held out, or cannot go on; then some answers that changed are printed. Exit code",
      "3 if the gate refused what was learnt, 1 if something is not served for another reason.",
      "",
      "Examples:",
      "  tributary import faq.jsonl --adapter acme/support --wait",
      "  tributary import intents.csv --adapter bank/intents --ingest-url http://127.0.0.1:8081"
    })
public final class ImportCommand implements Callable<Integer> {

  private static final int MOST_SHOWN = 20;

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The records.")
  private Path file;

  @Option(
      names = "--adapter",
      paramLabel = "TENANT/DOMAIN",
      required = true,
      description = "The adapter that learns them.")
  private String adapter;

  @Mixin private IngestOption ingest;

  @Mixin private WaitOptions wait;

  @Mixin private EvaluatorOption evaluator;

  public ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    AdapterId id = AdapterId.parse(adapter);
    Path offsetFile = file.resolveSibling(file.getFileName() + "." + id.dotted() + ".offset");
    ImportResult result = send(id, offsetFile);
    report(result, id);
    if (wait.isWanted() && !result.sample().isEmpty()) {
      await(result, id);
    }
    return result.rejected().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private ImportResult send(AdapterId id, Path offsetFile) {
    try (ServiceHttp gateway = ingest.http()) {
      Importer importer = new Importer(gateway, id, file, offsetFile);
      return run(importer, importer.count());
    }
  }

  private ImportResult run(Importer importer, long total) {
    try (Progress progress =
        Progress.start(console, "import", total, "record", Clock.systemUTC())) {
      return importer.run(total, done -> progress.update(done, ""));
    }
  }

  private void report(ImportResult result, AdapterId id) {
    for (Rejection rejection : result.rejected().stream().limit(MOST_SHOWN).toList()) {
      console.note("line %d refused: %s".formatted(rejection.line(), rejection.detail()));
    }
    if (result.rejected().size() > MOST_SHOWN) {
      console.note("and %d more".formatted(result.rejected().size() - MOST_SHOWN));
    }
    console.note(
        "%s: %d records sent, %d sent before, %d refused"
            .formatted(id, result.sent(), result.alreadySent(), result.rejected().size()));
  }

  private void await(ImportResult result, AdapterId id) {
    try (GatewayClient gateway = ingest.client();
        EvaluatorClient registry = evaluator.client()) {
      List<Trail> trails =
          new ImportWait(console, gateway, Clock.systemUTC(), Thread::sleep)
              .await(result.sample(), wait.timeout());
      console.note(
          "followed %d of %d records: %s"
              .formatted(trails.size(), result.total(), ImportWait.counts(trails)));
      Set<String> versions =
          trails.stream()
              .filter(Trail::isServed)
              .map(Trail::servedBy)
              .collect(Collectors.toCollection(LinkedHashSet::new));
      if (!versions.isEmpty()) {
        served(versions, registry.adapter(id));
      }
      ImportWait.requireDone(trails);
    }
  }

  private void served(Set<String> versions, JsonNode adapter) {
    console.note("served by " + String.join(", ", versions));
    ToldAnswers changed = ToldAnswers.ofVersions(adapter, versions).changed();
    if (!changed.answers().isEmpty()) {
      console.note("some answers that changed:");
      changed.print(console);
    }
  }
}
