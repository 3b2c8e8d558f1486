package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary instructions}: records that were imported or posted. */
@Command(
    name = "instructions",
    synopsisSubcommandLabel = "COMMAND",
    description = "See what became of an instruction record.",
    footer = {"", "Example:", "  tributary instructions show faq-17"})
public final class InstructionsCommand implements Runnable {

  @Spec private CommandSpec spec;

  private InstructionsCommand() {}

  /** The command with its subcommands. */
  public static CommandLine create(Console console) {
    return new CommandLine(new InstructionsCommand())
        .addSubcommand(new InstructionsShowCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: show");
  }
}
