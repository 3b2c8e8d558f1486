package dev.tributary.app.cli.progress;

import dev.tributary.app.cli.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A bar that redraws itself on a terminal. */
final class BarProgress implements Progress {

  private static final int REFRESH_MILLIS = 100;
  private static final int MAX_WIDTH = 120;

  private final ProgressBar bar;

  BarProgress(Console console, String task, long total, String unit) {
    ProgressLine line = new ProgressLine(task, unit);
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            .setRenderer(
                (state, width) ->
                    line.render(
                        state.getCurrent(),
                        state.getMax(),
                        state.getTotalElapsed(),
                        state.getExtraMessage(),
                        Math.min(width, MAX_WIDTH)))
            .setConsumer(new ConsoleProgressBarConsumer(console.err(), MAX_WIDTH))
            .build();
  }

  @Override
  public void update(long done, String detail) {
    bar.setExtraMessage(detail);
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}
