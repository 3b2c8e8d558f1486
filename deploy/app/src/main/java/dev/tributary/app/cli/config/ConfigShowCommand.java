package dev.tributary.app.cli.config;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.output.OutputFormat;
import dev.tributary.app.runtime.TributaryConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary config show}. */
@Command(
    name = "show",
    description =
        "Print the settings in force: the file's, and the defaults where it says nothing. Secrets"
            + " are hidden.",
    footer = {
      "",
      "Examples:",
      "  tributary config show                          all defaults",
      "  tributary config show tributary.yaml -o json"
    })
final class ConfigShowCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "Settings in YAML; without one, the defaults.")
  private Path file;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "yaml",
      description = "yaml or json; default ${DEFAULT-VALUE}.")
  private OutputFormat format;

  ConfigShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TributaryConfig config = TributaryConfig.read(file);
    String text = format == OutputFormat.JSON ? ConfigText.json(config) : ConfigText.yaml(config);
    console.out().println(text.stripTrailing());
    return ExitCode.DONE;
  }
}
