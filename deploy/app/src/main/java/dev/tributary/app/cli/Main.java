package dev.tributary.app.cli;

/** The program {@code tributary}. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    int exitCode = new Cli(Console.ofProcess(System.getenv())).execute(arguments);
    System.exit(exitCode);
  }
}
