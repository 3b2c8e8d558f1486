package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.output.Column;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Columns over the evaluator's JSON. */
final class Cells {

  private Cells() {}

  /** A column of what stands at a JSON pointer; {@code -} where nothing does. */
  static Column<JsonNode> at(String title, String pointer) {
    return Column.of(title, row -> text(row.at(pointer)));
  }

  /** The same for a number, aligned right and cut to some decimals. */
  static Column<JsonNode> number(String title, String pointer, int decimals) {
    return Column.number(
        title,
        row ->
            row.at(pointer).isNumber()
                ? ("%." + decimals + "f").formatted(row.at(pointer).doubleValue())
                : "-");
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "-";
    }
    return value.isArray()
        ? value.valueStream().map(item -> item.asString("")).collect(Collectors.joining("; "))
        : value.asString(value.toString());
  }
}
