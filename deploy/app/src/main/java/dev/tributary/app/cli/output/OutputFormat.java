package dev.tributary.app.cli.output;

import java.util.Locale;

/** How data is printed. */
public enum OutputFormat {
  /** Columns for people; tab-separated without a header in a pipe. */
  TABLE,
  /** A table with every column. */
  WIDE,
  /** One JSON document. */
  JSON,
  /** One YAML document. */
  YAML;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
