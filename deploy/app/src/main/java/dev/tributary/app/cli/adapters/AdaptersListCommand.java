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

/** {@code tributary adapters list}. */
@Command(
    name = "list",
    description =
        "Print all adapters: which version answers, and what the gate said of the newest.",
    footer = {"", "Example:", "  tributary adapters list -o json"})
final class AdaptersListCommand implements Callable<Integer> {

  private static final List<Column<JsonNode>> COLUMNS =
      List.of(
          Cells.at("ADAPTER", "/adapter"),
          Cells.at("ACTIVE", "/active"),
          Cells.at("NEWEST", "/newest/id"),
          Cells.at("VERDICT", "/newest/verdict"),
          Cells.number("VERSIONS", "/versions", 0),
          Cells.at("REASONS", "/newest/reasons").onlyWide());

  private final Console console;

  @Mixin private EvaluatorOption evaluator;

  @Mixin private OutputOption output;

  AdaptersListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (EvaluatorClient client = evaluator.client()) {
      List<JsonNode> adapters = client.adapters();
      new Listing(console, output.format()).print(adapters, COLUMNS, adapters);
      if (adapters.isEmpty()) {
        console.note("no adapter has been trained yet");
      }
    }
    return 0;
  }
}
