package dev.tributary.evaluator.suite;

import java.time.Instant;
import java.util.Comparator;

/**
 * When something was said. What came about at the same time is ordered by where it stands in its
 * topic; of two topics, what is trained on counts as the later. So the order of reading does not
 * matter.
 *
 * @param time at which it came about
 * @param told whether it stands in {@code tributary.examples}
 * @param offset in its partition
 */
record Moment(Instant time, boolean told, long offset) implements Comparable<Moment> {

  private static final Comparator<Moment> ORDER =
      Comparator.comparing(Moment::time)
          .thenComparing(Moment::told)
          .thenComparingLong(Moment::offset);

  @Override
  public int compareTo(Moment other) {
    return ORDER.compare(this, other);
  }

  boolean isBefore(Moment other) {
    return compareTo(other) < 0;
  }
}
