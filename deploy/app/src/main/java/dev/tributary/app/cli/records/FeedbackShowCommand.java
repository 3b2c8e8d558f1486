package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.app.http.GatewayClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tributary feedback show}. */
@Command(
    name = "show",
    description =
        "Print what became of a judgement: received, trained on, judged, served; or what it waits"
            + " for and what to do.",
    footer = {
      "",
      "A correction that is not live: 'waits for' says why, 'what to do' how to help it.",
      "",
      "Example:",
      "  tributary feedback show 3f2a9c0d5b7e41c8a6d2f0b9e8c7a615 -o json"
    })
final class FeedbackShowCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "ID", description = "The record's id, as 'feedback send' printed it.")
  private String id;

  @Mixin private IngestOption ingest;

  @Mixin private OutputOption output;

  FeedbackShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (GatewayClient client = ingest.client()) {
      new TrailView(console, output.format()).print("feedback", id, client.feedback(id));
    }
    return ExitCode.DONE;
  }
}
