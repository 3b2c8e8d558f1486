package dev.tributary.app.demo;

import dev.tributary.app.cli.Console;
import dev.tributary.app.demo.DemoReport.TrainingSample;
import dev.tributary.app.http.TributaryClient;
import dev.tributary.foundation.AdapterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Watches the trainer and the registry while the story goes on: keeps the samples for the plot, and
 * shows the newest one on a line that is rewritten on a terminal, or every few seconds on a line of
 * its own elsewhere.
 */
public final class ProgressView implements AutoCloseable {

  private static final long LOOK_MILLIS = 400;
  private static final long PLAIN_LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final TributaryClient client;
  private final AdapterId adapter;
  private final Console console;
  private final LongSupplier nanoTime;
  private final long beganNanos;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("demo-progress").daemon().factory());
  private final List<TrainingSample> samples = new ArrayList<>();
  private long lastPlainNanos;
  private String lastPlain = "";
  private String lastShown = "";
  private String gate = "waiting";

  public ProgressView(
      TributaryClient client, AdapterId adapter, Console console, LongSupplier nanoTime) {
    this.client = client;
    this.adapter = adapter;
    this.console = console;
    this.nanoTime = nanoTime;
    this.beganNanos = nanoTime.getAsLong();
    this.lastPlainNanos = beganNanos;
  }

  public void start() {
    looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A line of the story, above the progress line. */
  public synchronized void say(String line) {
    if (console.errIsTerminal()) {
      console.err().print(ERASE_LINE);
    }
    console.err().println(line);
    if (console.errIsTerminal()) {
      console.err().print(lastShown);
      console.err().flush();
    }
  }

  public synchronized List<TrainingSample> samples() {
    return List.copyOf(samples);
  }

  private void look() {
    try {
      Optional<TrainingSample> sample = sample();
      String verdict = verdict();
      sample.ifPresent(value -> show(value, verdict));
    } catch (RuntimeException e) {
      // A service that is starting, busy or stopping: the next look tells more.
      lastShown = "";
    }
  }

  private Optional<TrainingSample> sample() {
    return client
        .training(adapter.toString())
        .map(
            status ->
                new TrainingSample(
                    (nanoTime.getAsLong() - beganNanos) / 1e9,
                    status.path("consumed").asLong(),
                    status.path("step").asLong(),
                    status.path("tokens_per_second").asDouble(),
                    status.path("loss").asDouble(),
                    status.path("replay_share").asDouble()));
  }

  private String verdict() {
    return client
        .registry(adapter.dotted())
        .map(registry -> registry.path("versions").path(0))
        .map(
            version ->
                "v%d %s"
                    .formatted(version.path("version").asInt(), version.path("verdict").asString()))
        .orElse("waiting");
  }

  private synchronized void show(TrainingSample sample, String verdict) {
    if (samples.isEmpty() || samples.getLast().step() != sample.step()) {
      samples.add(sample);
    }
    lastShown =
        String.format(
            Locale.ROOT,
            "  consumed %d · step %d · %,.0f tokens/s · loss %.3f · replay %.0f%% · gate %s",
            sample.consumed(),
            sample.step(),
            sample.tokensPerSecond(),
            sample.loss(),
            100 * sample.replayRatio(),
            verdict);
    if (console.errIsTerminal()) {
      console.err().print(ERASE_LINE + lastShown);
      console.err().flush();
    } else if (isNews(verdict)) {
      console.err().println(lastShown);
      lastPlain = lastShown;
      lastPlainNanos = nanoTime.getAsLong();
    }
    gate = verdict;
  }

  /**
   * Without a terminal a line stays, so it must be worth one: something moved, and not a moment
   * ago.
   */
  private boolean isNews(String verdict) {
    return !verdict.equals(gate)
        || !lastShown.equals(lastPlain)
            && nanoTime.getAsLong() - lastPlainNanos >= PLAIN_LINE_NANOS;
  }

  @Override
  public void close() {
    looks.shutdownNow();
    synchronized (this) {
      if (console.errIsTerminal()) {
        console.err().print(ERASE_LINE);
      }
    }
  }
}
