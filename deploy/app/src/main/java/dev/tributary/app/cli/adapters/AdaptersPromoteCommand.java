package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tributary adapters promote}. */
@Command(
    name = "promote",
    description = "Let a version answer from now on.",
    footer = {
      "",
      "A version the gate did not pass is refused with exit code 3, unless --force is given.",
      "",
      "Example:",
      "  tributary adapters promote acme/support 17 --reason 'checked by hand'"
    })
final class AdaptersPromoteCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private AdapterParameter adapter;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version's number.")
  private int version;

  @Mixin private ReasonOptions reason;

  @Option(names = "--force", description = "Also against the gate's verdict; the history says so.")
  private boolean force;

  @Mixin private EvaluatorOption evaluator;

  AdaptersPromoteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (EvaluatorClient client = evaluator.client()) {
      ObjectNode body = client.object().put("version", version);
      if (force) {
        body.put("force", true);
      }
      reason.addTo(body);
      JsonNode done = client.command(adapter.id(), "promote", body);
      console.note(done.path("message").asString("done"));
    }
    return 0;
  }
}
