package dev.tributary.app.cli.output;

import picocli.CommandLine.Option;

/** The option {@code -o}, for commands that print data. */
public final class OutputOption {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How to print: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private OutputFormat format;

  public OutputFormat format() {
    return format;
  }
}
