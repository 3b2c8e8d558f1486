package dev.tributary.app.cli.config;

import dev.tributary.app.cli.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary config}: looks at configuration files without starting anything. */
@Command(
    name = "config",
    synopsisSubcommandLabel = "COMMAND",
    description = "Check a configuration file, or print the settings in force.",
    footer = {
      "",
      "Examples:",
      "  tributary config check tributary.yaml",
      "  tributary config show tributary.yaml"
    })
public final class ConfigCommand implements Runnable {

  @Spec private CommandSpec spec;

  private ConfigCommand() {}

  /** The command with its subcommands. */
  public static CommandLine create(Console console) {
    return new CommandLine(new ConfigCommand())
        .addSubcommand(new ConfigCheckCommand(console))
        .addSubcommand(new ConfigShowCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: check or show");
  }
}
