package dev.tributary.app.cli;

import dev.tributary.app.cli.adapters.GateRefusedException;
import dev.tributary.engine.tensor.OutOfNativeMemoryException;
import dev.tributary.engine.train.TrainingDivergedException;
import dev.tributary.foundation.error.TributaryException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one sentence what went wrong; the stack trace only with {@code --verbose}. */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private final Console console;

  ErrorReport(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    console.err().println("tributary: " + error.getMessage());
    UnmatchedArgumentException.printSuggestions(error, command.getErr());
    command.getErr().flush();
    console.note("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.of(error);
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    console.err().println("tributary: " + sentence(error));
    if (isVerbose(command)) {
      error.printStackTrace(console.err());
    } else if (!isExpected(error)) {
      console.note("Run it again with --verbose for the stack trace.");
    }
    return ExitCode.of(error);
  }

  private static String sentence(Exception error) {
    if (isExpected(error)) {
      return error.getMessage();
    }
    String message = error.getMessage() == null ? "" : ": " + error.getMessage();
    return "unexpected error: " + error.getClass().getSimpleName() + message;
  }

  private static boolean isExpected(Exception error) {
    return error instanceof TributaryException
        || error instanceof GateRefusedException
        || error instanceof TrainingDivergedException
        || error instanceof OutOfNativeMemoryException
        || error instanceof UncheckedIOException;
  }

  private static boolean isVerbose(CommandLine command) {
    return command.getCommandSpec().root().userObject() instanceof TributaryCommand root
        && root.isVerbose();
  }
}
