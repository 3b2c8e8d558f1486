package dev.tributary.app.cli.service;

import dev.tributary.app.cli.Console;
import dev.tributary.app.runtime.Starter;
import picocli.CommandLine.Command;

/** {@code tributary evaluate}. */
@Command(
    name = "evaluate",
    description =
        "Run the evaluator: it gates candidates on held-out records and publishes what passes.",
    footer = {
      "",
      "Registry and commands under /v1/adapters on port 8083 by default; 'tributary adapters'",
      "speaks to it.",
      "",
      "Example:",
      "  tributary evaluate --config tributary.yaml"
    })
public final class EvaluateCommand extends SingleServiceCommand {

  public EvaluateCommand(Console console) {
    super(console, Starter.EVALUATOR);
  }
}
