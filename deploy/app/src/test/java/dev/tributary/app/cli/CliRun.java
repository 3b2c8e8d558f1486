package dev.tributary.app.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * One command run in this process.
 *
 * @param exitCode as the process would have ended
 * @param out what went to standard output
 * @param err what went to standard error
 */
public record CliRun(int exitCode, String out, String err) {

  /** Runs a command as in a pipe. */
  public static CliRun of(String... arguments) {
    return run(false, arguments);
  }

  /** Runs a command as on a terminal, without colours. */
  public static CliRun onTerminal(String... arguments) {
    return run(true, arguments);
  }

  private static CliRun run(boolean terminal, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            false,
            false);
    int exitCode = new Cli(console).execute(arguments);
    return new CliRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
