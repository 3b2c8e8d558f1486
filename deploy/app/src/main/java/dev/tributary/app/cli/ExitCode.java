package dev.tributary.app.cli;

import dev.tributary.app.cli.adapters.GateRefusedException;
import dev.tributary.foundation.error.ConfigException;
import picocli.CommandLine.ParameterException;

/** The exit codes of every command, and the one place that decides which error means which. */
public final class ExitCode {

  /** Done. */
  public static final int DONE = 0;

  /** Failed, through no fault of the command's wording: a broker, a record, a file. */
  public static final int FAILED = 1;

  /** Wrong usage or configuration; the message says what to write instead. */
  public static final int USAGE = 2;

  /** Refused by the gate: the version did not pass. */
  public static final int REFUSED = 3;

  private ExitCode() {}

  static int of(Throwable error) {
    return switch (error) {
      case ParameterException usage -> USAGE;
      case ConfigException config -> USAGE;
      case GateRefusedException refused -> REFUSED;
      default -> FAILED;
    };
  }
}
