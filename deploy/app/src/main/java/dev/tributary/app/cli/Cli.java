package dev.tributary.app.cli;

import dev.tributary.app.bench.BankingCommand;
import dev.tributary.app.bench.GenerationCommand;
import dev.tributary.app.bench.MatmulCommand;
import dev.tributary.app.bench.StepCommand;
import dev.tributary.app.bench.told.ToldCommand;
import dev.tributary.app.cli.adapters.AdaptersCommand;
import dev.tributary.app.cli.config.ConfigCommand;
import dev.tributary.app.cli.doctor.DoctorCommand;
import dev.tributary.app.cli.model.GenerateCommand;
import dev.tributary.app.cli.model.ScoreCommand;
import dev.tributary.app.cli.model.TuneCommand;
import dev.tributary.app.cli.records.FeedbackCommand;
import dev.tributary.app.cli.records.ImportCommand;
import dev.tributary.app.cli.records.InstructionsCommand;
import dev.tributary.app.cli.service.BrokerCommand;
import dev.tributary.app.cli.service.EvaluateCommand;
import dev.tributary.app.cli.service.IngestCommand;
import dev.tributary.app.cli.service.ServeCommand;
import dev.tributary.app.cli.service.ServiceCommand;
import dev.tributary.app.cli.service.TrainCommand;
import dev.tributary.app.cli.service.UpCommand;
import dev.tributary.app.demo.DemoCommand;
import dev.tributary.app.demo.base.BuildBaseCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/**
 * The whole command line: which commands there are, how they are spelt, and how their errors are
 * told.
 */
public final class Cli {

  private static final int HELP_WIDTH = 100;

  private final Console console;

  public Cli(Console console) {
    this.console = console;
  }

  /**
   * Runs one command.
   *
   * @return the process's exit code, one of {@link ExitCode}
   */
  public int execute(String... arguments) {
    return commandLine()
        .execute(Arrays.stream(arguments).map(Cli::hyphenated).toArray(String[]::new));
  }

  /**
   * transformers and TRL spell flags as their settings, {@code --learning_rate}; both spellings
   * mean the same here.
   */
  private static String hyphenated(String argument) {
    if (!argument.matches("--[a-z0-9]+_[a-z0-9_]+(=.*)?")) {
      return argument;
    }
    int end = argument.contains("=") ? argument.indexOf('=') : argument.length();
    return argument.substring(0, end).replace('_', '-') + argument.substring(end);
  }

  CommandLine commandLine() {
    CommandLine line =
        new CommandLine(new TributaryCommand())
            .addSubcommand(new DemoCommand(console))
            .addSubcommand(new UpCommand(console))
            .addSubcommand(new BrokerCommand(console))
            .addSubcommand(new IngestCommand(console))
            .addSubcommand(new TrainCommand(console))
            .addSubcommand(new EvaluateCommand(console))
            .addSubcommand(new ServeCommand(console))
            .addSubcommand(new ImportCommand(console))
            .addSubcommand(FeedbackCommand.create(console))
            .addSubcommand(InstructionsCommand.create(console))
            .addSubcommand(AdaptersCommand.create(console))
            .addSubcommand(new TuneCommand(console))
            .addSubcommand(new ScoreCommand(console))
            .addSubcommand(new GenerateCommand(console))
            .addSubcommand(ConfigCommand.create(console))
            .addSubcommand(new DoctorCommand(console))
            .addSubcommand(new BuildBaseCommand(console))
            .addSubcommand(new BankingCommand(console))
            .addSubcommand(new ToldCommand(console))
            .addSubcommand(new StepCommand(console))
            .addSubcommand(new GenerationCommand(console))
            .addSubcommand(new MatmulCommand(console))
            .addSubcommand(new GenerateCompletion());
    ErrorReport errors = new ErrorReport(console);
    line.setParameterExceptionHandler(errors);
    line.setExecutionExceptionHandler(errors);
    line.setExecutionStrategy(Cli::runLast);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(HELP_WIDTH);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(console.color() ? Ansi.ON : Ansi.OFF));
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    return line;
  }

  private static int runLast(ParseResult parsed) {
    List<CommandLine> called = parsed.asCommandLineList();
    TributaryCommand root = called.getFirst().getCommand();
    Logging.set(called.getLast().getCommand() instanceof ServiceCommand, root.isVerbose());
    return new CommandLine.RunLast().execute(parsed);
  }
}
