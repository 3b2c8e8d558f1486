package dev.tributary.app.cli;

import java.util.Locale;

/** The program {@code tributary}. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    // Numbers are printed for other programs too: a comma must not stand for a point.
    Locale.setDefault(Locale.ROOT);
    int exitCode = new Cli(Console.ofProcess(System.getenv())).execute(arguments);
    System.exit(exitCode);
  }
}
