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

/** {@code tributary adapters history}. */
@Command(
    name = "history",
    description = "Print who did what to an adapter, when and why; newest first.",
    footer = {"", "Example:", "  tributary adapters history acme/support"})
final class AdaptersHistoryCommand implements Callable<Integer> {

  private static final List<Column<JsonNode>> COLUMNS =
      List.of(
          Cells.at("TIME", "/event_time"),
          Cells.at("VERSION", "/name"),
          Cells.at("STATE", "/state"),
          Cells.at("VERDICT", "/verdict"),
          Cells.at("ACTOR", "/actor"),
          Cells.at("REASON", "/reason"));

  private final Console console;

  @Mixin private AdapterParameter adapter;

  @Mixin private EvaluatorOption evaluator;

  @Mixin private OutputOption output;

  AdaptersHistoryCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (EvaluatorClient client = evaluator.client()) {
      List<JsonNode> events = client.history(adapter.id());
      new Listing(console, output.format()).print(events, COLUMNS, events);
    }
    return 0;
  }
}
