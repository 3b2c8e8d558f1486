package dev.tributary.app.cli.output;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the command line gives it out: its keys in snake_case. */
public final class ReportJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private static final JsonMapper LINES =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private ReportJson() {}

  /** A record of JSONL: all in one line, without its end. */
  public static String line(Object record) {
    return LINES.writeValueAsString(record);
  }

  /**
   * Indented, without a line end after it.
   *
   * @param document records, maps, lists or JSON trees
   */
  public static String of(Object document) {
    return MAPPER.writeValueAsString(document);
  }
}
