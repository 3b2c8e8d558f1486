package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.progress.Progress;
import dev.tributary.app.http.ServiceHttp;
import dev.tributary.app.records.ImportResult;
import dev.tributary.app.records.ImportResult.Rejection;
import dev.tributary.app.records.Importer;
import dev.tributary.foundation.AdapterId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
      "Examples:",
      "  tributary import faq.jsonl --adapter acme/support",
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

  @Option(
      names = "--ingest-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "Where the ingest service listens; default ${DEFAULT-VALUE}.")
  private URI ingestUrl;

  public ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    AdapterId id = AdapterId.parse(adapter);
    Path offsetFile = file.resolveSibling(file.getFileName() + "." + id.dotted() + ".offset");
    try (ServiceHttp gateway = new ServiceHttp(ingestUrl)) {
      Importer importer = new Importer(gateway, id, file, offsetFile);
      long total = importer.count();
      ImportResult result = run(importer, total);
      report(result, id);
      return result.rejected().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
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
}
