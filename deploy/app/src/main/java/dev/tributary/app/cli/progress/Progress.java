package dev.tributary.app.cli.progress;

import dev.tributary.app.cli.Console;
import java.time.InstantSource;

/** Shows how far a piece of work is. For one thread. */
public interface Progress extends AutoCloseable {

  /**
   * @param done how much is done altogether
   * @param detail what else to show, such as {@code loss=1.23}; may be empty
   */
  void update(long done, String detail);

  /** Shows the last state and leaves the line. */
  @Override
  void close();

  /**
   * A bar on a terminal; elsewhere, a line every ten seconds.
   *
   * @param task what is being done, one or two words
   * @param total how much there is to do, or -1 if unknown
   * @param unit what is counted, for the rate: {@code step}, {@code record}
   */
  static Progress start(
      Console console, String task, long total, String unit, InstantSource clock) {
    return console.errIsTerminal()
        ? new BarProgress(console, task, total, unit)
        : new LineProgress(console, new ProgressLine(task, unit), total, clock);
  }
}
