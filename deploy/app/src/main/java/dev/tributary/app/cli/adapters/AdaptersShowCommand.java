package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code tributary adapters show}. */
@Command(
    name = "show",
    description =
        "Print an adapter's versions, newest first, with the gate's verdicts and reasons.",
    footer = {
      "",
      "With -o json every slice is listed with its losses, deltas and confidence intervals.",
      "",
      "Example:",
      "  tributary adapters show acme/support -o json"
    })
final class AdaptersShowCommand implements Callable<Integer> {

  private static final List<Column<JsonNode>> COLUMNS =
      List.of(
          Cells.at("VERSION", "/id"),
          Cells.at("STATE", "/state"),
          Cells.at("VERDICT", "/verdict"),
          Cells.number("EXAMPLES", "/new_examples", 0),
          Cells.number("STEP", "/step", 0).onlyWide(),
          Cells.number("LOSS", "/train_loss", 4).onlyWide(),
          Cells.number("REPLAY", "/replay_ratio", 2).onlyWide(),
          Cells.at("ACTOR", "/actor").onlyWide(),
          Cells.at("TIME", "/event_time"),
          Cells.at("REASONS", "/reasons"));

  private final Console console;

  @Mixin private AdapterParameter adapter;

  @Mixin private EvaluatorOption evaluator;

  @Mixin private OutputOption output;

  AdaptersShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (EvaluatorClient client = evaluator.client()) {
      JsonNode shown = client.adapter(adapter.id());
      List<JsonNode> versions = shown.path("versions").valueStream().toList();
      new Listing(console, output.format()).print(shown, COLUMNS, versions);
    }
    return 0;
  }
}
