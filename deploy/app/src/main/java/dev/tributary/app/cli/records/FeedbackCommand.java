package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary feedback}: judgements on answers. */
@Command(
    name = "feedback",
    synopsisSubcommandLabel = "COMMAND",
    description = "Correct or judge an answer, and see what became of it.",
    footer = {
      "",
      "Examples:",
      "  tributary feedback send --ask 'How long can I return a dress?' --adapter acme/support \\",
      "      --correction 'Within 45 days.' --source agent --wait",
      "  tributary feedback show 3f2a9c0d5b7e41c8a6d2f0b9e8c7a615"
    })
public final class FeedbackCommand implements Runnable {

  @Spec private CommandSpec spec;

  private FeedbackCommand() {}

  /** The command with its subcommands. */
  public static CommandLine create(Console console) {
    return new CommandLine(new FeedbackCommand())
        .addSubcommand(new FeedbackSendCommand(console))
        .addSubcommand(new FeedbackShowCommand(console));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: send or show");
  }
}
