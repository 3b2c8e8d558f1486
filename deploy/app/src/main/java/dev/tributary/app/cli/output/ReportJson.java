package dev.tributary.app.cli.output;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the command line gives it out: indented, its keys in snake_case. */
public final class ReportJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ReportJson() {}

  /**
   * Without a line end after it.
   *
   * @param document records, maps, lists or JSON trees
   */
  public static String of(Object document) {
    return MAPPER.writeValueAsString(document);
  }
}
