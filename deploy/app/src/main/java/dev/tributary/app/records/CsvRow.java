package dev.tributary.app.records;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of comma-separated values while its lines come in; a quoted field may hold line breaks.
 * For one thread.
 */
final class CsvRow {

  private final List<String> fields = new ArrayList<>();
  private final StringBuilder field = new StringBuilder();
  private boolean quoted;

  /** Takes the next line; returns whether the row ends with it. */
  boolean accept(String line) {
    if (quoted) {
      field.append('\n');
    }
    for (int at = 0; at < line.length(); at++) {
      char character = line.charAt(at);
      boolean doubled = quoted && line.startsWith("\"\"", at);
      if (doubled) {
        field.append('"');
        at++;
      } else if (character == '"' && (quoted || field.isEmpty())) {
        quoted = !quoted;
      } else if (character == ',' && !quoted) {
        endField();
      } else {
        field.append(character);
      }
    }
    if (!quoted) {
      endField();
    }
    return !quoted;
  }

  List<String> fields() {
    return fields;
  }

  private void endField() {
    fields.add(field.toString());
    field.setLength(0);
  }
}
