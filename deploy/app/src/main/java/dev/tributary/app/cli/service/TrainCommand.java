package dev.tributary.app.cli.service;

import dev.tributary.app.cli.Console;
import dev.tributary.app.runtime.Starter;
import picocli.CommandLine.Command;

/** {@code tributary train}. */
@Command(
    name = "train",
    description =
        "Run the training service: examples in, checkpoints and candidates out, exactly once.",
    footer = {
      "",
      "Health, metrics and /v1/status on port 8082 by default. Several processes with their own",
      "state_dir share the adapters by partition.",
      "",
      "Example:",
      "  tributary train --config tributary.yaml"
    })
public final class TrainCommand extends SingleServiceCommand {

  public TrainCommand(Console console) {
    super(console, Starter.TRAINER);
  }
}
