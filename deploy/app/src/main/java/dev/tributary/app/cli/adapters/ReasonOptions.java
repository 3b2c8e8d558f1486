package dev.tributary.app.cli.adapters;

import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Who orders a change, and why: both are written down with the command. */
final class ReasonOptions {

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; kept with the command.")
  private String reason;

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who orders it; default your user name.")
  private String actor;

  void addTo(ObjectNode body) {
    body.put("reason", reason).put("actor", actor);
  }
}
