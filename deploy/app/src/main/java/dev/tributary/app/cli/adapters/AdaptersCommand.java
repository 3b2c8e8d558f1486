package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary adapters}: the registry of what was trained, gated and published. */
@Command(
    name = "adapters",
    synopsisSubcommandLabel = "COMMAND",
    description = "Look at adapters and their versions; promote one, go back, or pause training.",
    footer = {
      "",
      "Examples:",
      "  tributary adapters list",
      "  tributary adapters show acme/support -o wide",
      "  tributary adapters rollback acme/support --reason 'wrong prices'"
    })
public final class AdaptersCommand implements Runnable {

  @Spec private CommandSpec spec;

  private AdaptersCommand() {}

  /** The command with its subcommands. */
  public static CommandLine create(Console console) {
    return new CommandLine(new AdaptersCommand())
        .addSubcommand(new AdaptersListCommand(console))
        .addSubcommand(new AdaptersShowCommand(console))
        .addSubcommand(new AdaptersHistoryCommand(console))
        .addSubcommand(new AdaptersPromoteCommand(console))
        .addSubcommand(new AdaptersRollbackCommand(console))
        .addSubcommand(new AdaptersPauseCommand(console))
        .addSubcommand(new AdaptersResumeCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to do: list, show, history, promote, rollback, pause or resume");
  }
}
