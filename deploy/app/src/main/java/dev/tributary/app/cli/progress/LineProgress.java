package dev.tributary.app.cli.progress;

import dev.tributary.app.cli.Console;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Plain lines for logs and pipes: at most one every ten seconds, and one at the end. */
final class LineProgress implements Progress {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final Console console;
  private final ProgressLine line;
  private final long total;
  private final InstantSource clock;
  private final Instant begin;
  private Instant lastShown;
  private long done;
  private String detail = "";
  private boolean shown = false;

  LineProgress(Console console, ProgressLine line, long total, InstantSource clock) {
    this.console = console;
    this.line = line;
    this.total = total;
    this.clock = clock;
    this.begin = clock.instant();
    this.lastShown = begin;
  }

  @Override
  public void update(long nowDone, String nowDetail) {
    done = nowDone;
    detail = nowDetail;
    shown = false;
    if (Duration.between(lastShown, clock.instant()).compareTo(INTERVAL) >= 0) {
      show();
    }
  }

  @Override
  public void close() {
    if (!shown) {
      show();
    }
  }

  private void show() {
    lastShown = clock.instant();
    shown = true;
    console.note(line.render(done, total, Duration.between(begin, lastShown), detail, 0));
  }
}
