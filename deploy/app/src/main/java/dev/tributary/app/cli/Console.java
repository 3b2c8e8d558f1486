package dev.tributary.app.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command's words go: data to {@code out}, everything else to {@code err}.
 *
 * @param out for data another program may read
 * @param err for progress, notes and errors
 * @param outIsTerminal whether a person reads {@code out}: decides between a table and
 *     tab-separated lines
 * @param errIsTerminal whether a person reads {@code err}: decides between a progress bar and plain
 *     lines
 * @param color whether text may be coloured
 */
public record Console(
    PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, boolean color) {

  /**
   * The process's own streams, as UTF-8. Java cannot tell which of them is a terminal, so the
   * launcher says it with {@code tributary.terminal.out} and {@code tributary.terminal.err}.
   */
  public static Console ofProcess(Map<String, String> environment) {
    boolean out = Boolean.getBoolean("tributary.terminal.out");
    boolean err = Boolean.getBoolean("tributary.terminal.err");
    boolean color =
        out
            && err
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.get("TERM"));
    return new Console(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        out,
        err,
        color);
  }

  /** A remark for the person at the keyboard. */
  public void note(String line) {
    err.println(line);
  }
}
