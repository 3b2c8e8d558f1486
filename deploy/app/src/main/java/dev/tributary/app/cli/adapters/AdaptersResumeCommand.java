package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import picocli.CommandLine.Command;

/** {@code tributary adapters resume}. */
@Command(
    name = "resume",
    description = "Go on training an adapter that was paused, or that stopped at a failure.",
    footer = {
      "",
      "Example:",
      "  tributary adapters resume acme/support --reason 'the import was fine'"
    })
final class AdaptersResumeCommand extends TrainingOrder {

  AdaptersResumeCommand(Console console) {
    super(console, "resume");
  }
}
