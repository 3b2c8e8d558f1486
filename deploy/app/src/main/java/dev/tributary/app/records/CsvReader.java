package dev.tributary.app.records;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Comma-separated values with a heading (RFC 4180): quoted fields may hold commas, doubled quotes
 * and line breaks.
 */
final class CsvReader implements RecordReader {

  private static final JsonMapper JSON = new JsonMapper();

  private final BufferedReader text;
  private final List<String> heading;
  private long line;

  private CsvReader(BufferedReader text, List<String> heading, long line) {
    this.text = text;
    this.heading = heading;
    this.line = line;
  }

  static CsvReader open(BufferedReader text, Path file) throws IOException {
    CsvReader reader = new CsvReader(text, List.of(), 0);
    List<String> heading = reader.row().orElse(List.of()).stream().map(String::strip).toList();
    if (heading.size() < 2) {
      throw new ConfigException(
          "%s: format unknown; give JSON lines, a JSON array, or CSV with a heading such as text,category"
              .formatted(file));
    }
    return new CsvReader(text, heading, reader.line);
  }

  @Override
  public Optional<SourceRecord> next() throws IOException {
    long start = line + 1;
    Optional<List<String>> row = row();
    if (row.isEmpty()) {
      return Optional.empty();
    }
    if (row.get().size() == 1 && row.get().getFirst().isBlank()) {
      return next();
    }
    if (row.get().size() != heading.size()) {
      throw bad(start, "has %d fields, the heading %d".formatted(row.get().size(), heading.size()));
    }
    ObjectNode json = JSON.createObjectNode();
    for (int i = 0; i < heading.size(); i++) {
      json.put(heading.get(i), row.get().get(i));
    }
    return Optional.of(new SourceRecord(start, json));
  }

  private Optional<List<String>> row() throws IOException {
    String content = text.readLine();
    if (content == null) {
      return Optional.empty();
    }
    long start = ++line;
    CsvRow row = new CsvRow();
    while (!row.accept(content)) {
      content = text.readLine();
      if (content == null) {
        throw bad(start, "is cut off inside a quoted field");
      }
      line++;
    }
    return Optional.of(row.fields());
  }

  private static BadRecordException bad(long line, String what) {
    return new BadRecordException("malformed_line", "line %d %s".formatted(line, what));
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
