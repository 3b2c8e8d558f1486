package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.app.http.GatewayClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tributary instructions show}. */
@Command(
    name = "show",
    description =
        "Print what became of an instruction record: received, trained on, judged, served; or what"
            + " it waits for and what to do.",
    footer = {
      "",
      "Its id is its own, or what the gateway answered when it was posted.",
      "",
      "Example:",
      "  tributary instructions show faq-17 -o json"
    })
final class InstructionsShowCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "ID", description = "The record's id.")
  private String id;

  @Mixin private IngestOption ingest;

  @Mixin private OutputOption output;

  InstructionsShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (GatewayClient client = ingest.client()) {
      new TrailView(console, output.format()).print("instruction", id, client.instruction(id));
    }
    return ExitCode.DONE;
  }
}
