package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tributary adapters rollback}. */
@Command(
    name = "rollback",
    description = "Let an earlier version answer again.",
    footer = {
      "",
      "Example:",
      "  tributary adapters rollback acme/support --reason 'wrong prices since this morning'"
    })
final class AdaptersRollbackCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private AdapterParameter adapter;

  @Option(
      names = "--to-version",
      paramLabel = "N",
      description = "The version to go back to; default the one that answered before.")
  private Integer version;

  @Mixin private ReasonOptions reason;

  @Mixin private EvaluatorOption evaluator;

  AdaptersRollbackCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (EvaluatorClient client = evaluator.client()) {
      ObjectNode body = client.object();
      if (version != null) {
        body.put("version", version);
      }
      reason.addTo(body);
      JsonNode done = client.command(adapter.id(), "rollback", body);
      console.note(done.path("message").asString("done"));
    }
    return 0;
  }
}
