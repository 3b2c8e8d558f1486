package dev.tributary.app.cli.records;

import dev.tributary.app.cli.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether to wait for what becomes of the records, and how long. */
final class WaitOptions {

  @Option(
      names = "--wait",
      description = "Follow it until it is served or refused, or cannot go on.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = DurationConverter.class,
      description = "How long to wait at most; default ${DEFAULT-VALUE}.")
  private Duration timeout;

  boolean isWanted() {
    return wait;
  }

  Duration timeout() {
    return timeout;
  }
}
