package dev.tributary.app.cli.progress;

import java.time.Duration;

/**
 * One line of progress in the words of tqdm: {@code task: 42%|███ | n/total [elapsed<left, rate,
 * detail]}.
 */
final class ProgressLine {

  private static final int LEAST_BAR = 5;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  private final String task;
  private final String unit;

  ProgressLine(String task, String unit) {
    this.task = task;
    this.unit = unit;
  }

  /**
   * @param total negative if unknown
   * @param width columns the line may take; the bar gets what the words leave, or goes if that is
   *     too little
   */
  String render(long done, long total, Duration elapsed, String detail, int width) {
    double seconds = elapsed.toMillis() / 1e3;
    double rate = seconds > 0 ? done / seconds : 0;
    String extra = detail.isEmpty() ? "" : ", " + detail;
    if (total < 0) {
      return "%s: %d%s [%s, %s%s]".formatted(task, done, unit, clock(seconds), speed(rate), extra);
    }
    double share = total == 0 ? 1 : Math.min(1, (double) done / total);
    String left = rate > 0 ? clock((total - done) / rate) : "?";
    String head = "%s: %3d%%|".formatted(task, (int) (share * 100));
    String tail =
        "| %d/%d [%s<%s, %s%s]".formatted(done, total, clock(seconds), left, speed(rate), extra);
    int room = width - head.length() - tail.length();
    return head + (room < LEAST_BAR ? "" : bar(share, Math.min(room, 40))) + tail;
  }

  private static String bar(double share, int cells) {
    int eighths = (int) (share * cells * 8);
    StringBuilder bar = new StringBuilder("█".repeat(eighths / 8));
    if (bar.length() < cells) {
      bar.append(EIGHTHS.charAt(eighths % 8));
    }
    return bar.append(" ".repeat(cells - bar.length())).toString();
  }

  /** As tqdm: the rate, or its inverse where that reads better. */
  private String speed(double rate) {
    if (rate <= 0) {
      return "?" + unit + "/s";
    }
    return rate >= 1 ? "%.2f%s/s".formatted(rate, unit) : "%.2fs/%s".formatted(1 / rate, unit);
  }

  private static String clock(double seconds) {
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%02d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }
}
