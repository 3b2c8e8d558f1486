package dev.tributary.app.cli.service;

import dev.tributary.app.cli.Console;
import dev.tributary.app.runtime.Starter;
import picocli.CommandLine.Command;

/** {@code tributary ingest}. */
@Command(
    name = "ingest",
    description = "Run the ingest service: HTTP in, validated and joined training examples out.",
    footer = {
      "",
      "Takes POST /v1/instructions, /v1/interactions and /v1/feedback; port 8081 by default."
          + " Several",
      "processes with their own state_dir share the work.",
      "",
      "Example:",
      "  tributary ingest --config tributary.yaml"
    })
public final class IngestCommand extends SingleServiceCommand {

  public IngestCommand(Console console) {
    super(console, Starter.INGEST);
  }
}
