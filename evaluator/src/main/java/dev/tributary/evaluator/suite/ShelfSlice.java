package dev.tributary.evaluator.suite;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Records of one slice, bounded. When there are too many, half of those kept are the newest, and
 * half are drawn from all older ones, each equally likely: a candidate may have seen nothing of the
 * newest, if an import came faster than it was trained on, and what was told long ago must not be
 * forgotten unseen. Which are drawn follows from their ids alone. Not thread safe.
 */
final class ShelfSlice {

  private final int limit;
  private final Deque<Shelved> newest = new ArrayDeque<>();

  /** Those with the smallest lots: a sample of what came, whatever came (bottom-k sampling). */
  private final TreeSet<Shelved> older =
      new TreeSet<>(Comparator.comparingLong(Shelved::lot).thenComparing(Shelved::id));

  private long arrivals;

  /**
   * @param limit records kept, at least 1
   */
  ShelfSlice(int limit) {
    this.limit = limit;
  }

  private record Shelved(long arrival, long lot, Statement statement) {
    String id() {
      return statement.record().id();
    }
  }

  /**
   * Takes in a record that is not there.
   *
   * @return what was dropped for it
   */
  Optional<Statement> add(Statement statement) {
    newest.add(new Shelved(arrivals++, statement.record().lot(0), statement));
    if (newest.size() > limit - limit / 2) {
      older.add(newest.remove());
    }
    return older.size() > limit / 2 ? Optional.of(older.pollLast().statement()) : Optional.empty();
  }

  /** In order of arrival. */
  List<Statement> statements() {
    List<Shelved> kept = new ArrayList<>(older);
    kept.sort(Comparator.comparingLong(Shelved::arrival));
    kept.addAll(newest);
    return kept.stream().map(Shelved::statement).toList();
  }
}
