package dev.tributary.app.bench.told;

import java.util.Collection;

/**
 * How many of some questions were answered exactly.
 *
 * @param right of {@code asked}
 * @param asked 0 or more
 */
public record Share(int right, int asked) {

  static final Share NONE = new Share(0, 0);

  /** 0 to 1; of nothing, 1. */
  double value() {
    return asked == 0 ? 1 : (double) right / asked;
  }

  boolean reaches(double least) {
    return value() >= least;
  }

  /** Both together. */
  Share plus(Share other) {
    return new Share(right + other.right, asked + other.asked);
  }

  static Share sum(Collection<Share> shares) {
    return shares.stream().reduce(NONE, Share::plus);
  }

  @Override
  public String toString() {
    return "%d of %d (%.1f %%)".formatted(right, asked, 100 * value());
  }
}
