package dev.tributary.app.cli.config;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.runtime.TributaryConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tributary config check}. */
@Command(
    name = "check",
    description = "Say whether a file can be used; nothing is started. Exit code 2 if not.",
    footer = {"", "Example:", "  tributary config check tributary.yaml"})
final class ConfigCheckCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "Settings in YAML.")
  private Path file;

  ConfigCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TributaryConfig.read(file);
    console.note(file + ": can be used");
    return ExitCode.DONE;
  }
}
