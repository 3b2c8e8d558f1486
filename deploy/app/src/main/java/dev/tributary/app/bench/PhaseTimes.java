package dev.tributary.app.bench;

import dev.tributary.engine.train.StepListener;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Adds up how long each phase of training took. For one thread. */
final class PhaseTimes implements StepListener {

  private final LongSupplier nanoTime;
  private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private long last;

  PhaseTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Begins to count from zero. */
  void reset() {
    nanos.clear();
    last = nanoTime.getAsLong();
  }

  /** The next phase begins now: what went by since the last one belongs to none. */
  void stepBegins() {
    last = nanoTime.getAsLong();
  }

  @Override
  public void ended(Phase phase) {
    long now = nanoTime.getAsLong();
    nanos.merge(phase, now - last, Long::sum);
    last = now;
  }

  /** Seconds by phase, in lower case. */
  Map<String, Double> seconds() {
    Map<String, Double> seconds = new TreeMap<>();
    nanos.forEach((phase, sum) -> seconds.put(phase.name().toLowerCase(Locale.ROOT), sum / 1e9));
    return seconds;
  }
}
