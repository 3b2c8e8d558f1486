package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputFormat;
import dev.tributary.app.records.Trail;
import dev.tributary.foundation.error.ConfigException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Prints one record's trail. */
final class TrailView {

  private final Console console;
  private final OutputFormat format;

  TrailView(Console console, OutputFormat format) {
    this.console = console;
    this.format = format;
  }

  /**
   * @param kind what the record is, for the message: {@code feedback}
   * @throws ConfigException if there is none
   */
  void print(String kind, String id, Optional<JsonNode> found) {
    JsonNode json =
        found.orElseThrow(
            () ->
                ConfigException.of(
                    kind,
                    id,
                    "none is known under this id: not sent, not yet processed, or too old"));
    new Listing(console, format).print(json, TrailText.COLUMNS, TrailText.rows(new Trail(json)));
  }
}
