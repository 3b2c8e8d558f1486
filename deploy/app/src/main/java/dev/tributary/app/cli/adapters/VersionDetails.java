package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputFormat;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Prints what a version's verdict rests on, and what it answers to what it was told. */
final class VersionDetails {

  private static final List<Column<JsonNode>> SLICES =
      List.of(
          Cells.at("SLICE", "/slice"),
          Cells.at("ROLE", "/role"),
          Cells.at("EVIDENCE", "/evidence"),
          Cells.number("RECORDS", "/records", 0),
          Cells.number("DELTA", "/delta", 4),
          Cells.number("ANSWERS", "/answers", 0),
          Cells.number("GAINED", "/answers_gained", 0),
          Cells.number("LOST", "/answers_lost", 0),
          Cells.at("PASSED", "/passed"),
          Cells.at("REASON", "/reason").onlyWide());

  private final Console console;
  private final OutputFormat format;

  /**
   * @param format a table, wide or not
   */
  VersionDetails(Console console, OutputFormat format) {
    this.console = console;
    this.format = format;
  }

  /** What is not there is left out. */
  void print(JsonNode version) {
    String name = version.path("id").asString("");
    List<JsonNode> slices = version.path("slices").valueStream().toList();
    if (!slices.isEmpty()) {
      title("Evidence on " + name);
      new Listing(console, format).print(slices, SLICES, slices);
    }
    ToldAnswers told = ToldAnswers.of(version);
    if (!told.answers().isEmpty()) {
      title("What " + name + " was told, answered before and after");
      told.print(console, format);
    }
    if (!version.path("not_learnt").isEmpty()) {
      title("Not learnt by " + name);
      console
          .out()
          .println(
              version
                  .path("not_learnt")
                  .valueStream()
                  .map(id -> id.asString(""))
                  .collect(Collectors.joining("\n")));
    }
  }

  private void title(String text) {
    console.out().println();
    if (console.outIsTerminal()) {
      console.out().println(text);
    }
  }
}
