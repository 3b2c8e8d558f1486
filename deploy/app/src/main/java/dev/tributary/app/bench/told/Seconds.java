package dev.tributary.app.bench.told;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Durations of which some never ended: those are null, and the longest. */
final class Seconds {

  private Seconds() {}

  /** The smallest that so large a share does not exceed; empty if that never ended. */
  static Optional<Double> quantile(List<Double> seconds, double share) {
    List<Double> sorted =
        seconds.stream().sorted(Comparator.nullsLast(Comparator.naturalOrder())).toList();
    int place = (int) Math.ceil(share * sorted.size()) - 1;
    return Optional.ofNullable(sorted.get(Math.max(0, place)));
  }

  /** Whether that share took no longer. */
  static boolean within(List<Double> seconds, double share, double most) {
    return quantile(seconds, share).filter(value -> value <= most).isPresent();
  }

  static String text(List<Double> seconds, double share) {
    return text(quantile(seconds, share).orElse(null));
  }

  static String text(Double seconds) {
    return seconds == null ? "never" : String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
