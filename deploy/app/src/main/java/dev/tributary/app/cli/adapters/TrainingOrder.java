package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An order to the trainer of one adapter, handed in at the evaluator. */
abstract class TrainingOrder implements Callable<Integer> {

  private final Console console;
  private final String command;

  @Mixin private AdapterParameter adapter;

  @Mixin private ReasonOptions reason;

  @Mixin private EvaluatorOption evaluator;

  /**
   * @param command as the evaluator's path names it
   */
  TrainingOrder(Console console, String command) {
    this.console = console;
    this.command = command;
  }

  @Override
  public Integer call() {
    try (EvaluatorClient client = evaluator.client()) {
      ObjectNode body = client.object();
      reason.addTo(body);
      JsonNode done = client.command(adapter.id(), command, body);
      console.note(done.path("message").asString("done"));
    }
    return 0;
  }
}
