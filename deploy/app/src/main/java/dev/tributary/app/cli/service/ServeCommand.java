package dev.tributary.app.cli.service;

import dev.tributary.app.cli.Console;
import dev.tributary.app.runtime.Starter;
import picocli.CommandLine.Command;

/** {@code tributary serve}. */
@Command(
    name = "serve",
    description =
        "Run the built-in server: OpenAI's API over the base model and every released adapter.",
    footer = {
      "",
      "Listens on port 8080 by default; point any OpenAI client at http://127.0.0.1:8080/v1.",
      "",
      "Example:",
      "  tributary serve --config tributary.yaml"
    })
public final class ServeCommand extends SingleServiceCommand {

  public ServeCommand(Console console) {
    super(console, Starter.SERVE);
  }
}
