package dev.tributary.app.cli.output;

import dev.tributary.app.cli.Console;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Prints rows as a table, or a whole document as JSON or YAML. */
public final class Listing {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final Console console;
  private final OutputFormat format;

  public Listing(Console console, OutputFormat format) {
    this.console = console;
    this.format = format;
  }

  /**
   * @param document what JSON and YAML show: records, maps, lists or JSON trees
   * @param rows what the table shows
   */
  public <T> void print(Object document, List<Column<T>> columns, List<T> rows) {
    switch (format) {
      case JSON -> console.out().println(ReportJson.of(document));
      case YAML -> console.out().print(YAML.writeValueAsString(document));
      case WIDE -> table(columns, rows);
      case TABLE -> table(columns.stream().filter(column -> !column.wide()).toList(), rows);
    }
  }

  private <T> void table(List<Column<T>> columns, List<T> rows) {
    List<List<String>> cells = new ArrayList<>();
    if (console.outIsTerminal()) {
      cells.add(columns.stream().map(Column::title).toList());
    }
    for (T row : rows) {
      cells.add(columns.stream().map(column -> cell(column.text().apply(row))).toList());
    }
    if (console.outIsTerminal()) {
      int[] widths = widths(columns.size(), cells);
      cells.forEach(line -> console.out().println(aligned(line, columns, widths)));
    } else {
      cells.forEach(line -> console.out().println(String.join("\t", line)));
    }
  }

  private static String cell(Object value) {
    return value == null ? "" : value.toString().replaceAll("[\\t\\r\\n]+", " ");
  }

  private static int[] widths(int columns, List<List<String>> cells) {
    int[] widths = new int[columns];
    for (List<String> line : cells) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).codePointCount(0, line.get(i).length()));
      }
    }
    return widths;
  }

  private static <T> String aligned(List<String> line, List<Column<T>> columns, int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      String cell = line.get(i);
      String padding = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
      text.append(columns.get(i).rightAligned() ? padding + cell : cell + padding).append("  ");
    }
    return text.toString().stripTrailing();
  }
}
