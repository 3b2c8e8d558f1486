package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import picocli.CommandLine.Command;

/** {@code tributary adapters pause}. */
@Command(
    name = "pause",
    description = "Stop training an adapter; what it has learnt so far goes on answering.",
    footer = {
      "",
      "Records go on arriving and are trained on after 'resume'.",
      "",
      "Example:",
      "  tributary adapters pause acme/support --reason 'looking at a strange import'"
    })
final class AdaptersPauseCommand extends TrainingOrder {

  AdaptersPauseCommand(Console console) {
    super(console, "pause");
  }
}
