package dev.tributary.app.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program's own help, version and the options every command shares. */
@Command(
    name = "tributary",
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Streaming continual fine-tuning on Kafka: feedback flows in, and minutes later a better,"
            + " proven adapter is answering.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    footer = {
      "",
      "Start here:",
      "  tributary demo                                  see the whole loop work, in about two"
          + " minutes",
      "  tributary up                                    run everything on this machine",
      "  tributary import faq.jsonl --adapter acme/support --wait",
      "  tributary feedback send --ask 'May I return it?' --adapter acme/support --correction"
          + " 'Yes.'",
      "  tributary adapters list                         what was trained, and what the gate said",
      "",
      "One-off work on a model directory, no Kafka needed:",
      "  tributary tune --model gpt2 --data faq.jsonl --out adapter",
      "  tributary score --model gpt2 --adapter adapter --data faq.jsonl",
      "  tributary generate --model gpt2 --adapter adapter --prompt 'Where is my order?'",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 refused by the gate."
    })
final class TributaryCommand implements Runnable {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log more, and print the stack trace of an error.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  boolean isVerbose() {
    return verbose;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: a command is missing");
  }
}
