package dev.tributary.evaluator.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Records of one slice, bounded. When there are too many, half of those kept are the newest, and
 * half are drawn from all older ones, each equally likely: a candidate may have seen nothing of the
 * newest, if an import came faster than it was trained on, and what was told long ago must not be
 * forgotten unseen. Which are drawn follows from their ids alone. Not thread safe.
 */
final class ShelfSlice {

  private final int limit;
  private final Map<String, Shelved> newest = new LinkedHashMap<>();
  private final TreeMap<Lot, Shelved> older =
      new TreeMap<>(Comparator.comparingLong(Lot::number).thenComparing(Lot::id));
  private long arrivals;

  /**
   * @param limit records kept, at least 1
   */
  ShelfSlice(int limit) {
    this.limit = limit;
  }

  private record Shelved(long arrival, Statement statement) {}

  /** The smallest are kept: a sample of what came, whatever came (bottom-k sampling). */
  private record Lot(long number, String id) {
    static Lot of(String id) {
      return new Lot(new SplittableRandom(id.hashCode()).nextLong(), id);
    }
  }

  boolean contains(String id) {
    return newest.containsKey(id) || older.containsKey(Lot.of(id));
  }

  /**
   * Takes in a record that is not there.
   *
   * @return whether one was dropped for it
   */
  boolean add(Statement statement) {
    newest.put(statement.record().id(), new Shelved(arrivals++, statement));
    if (newest.size() > limit - limit / 2) {
      Map.Entry<String, Shelved> oldest = newest.entrySet().iterator().next();
      newest.remove(oldest.getKey());
      older.put(Lot.of(oldest.getKey()), oldest.getValue());
    }
    boolean isFull = older.size() > limit / 2;
    if (isFull) {
      older.pollLastEntry();
    }
    return isFull;
  }

  /** In order of arrival. */
  List<Statement> statements() {
    List<Shelved> kept = new ArrayList<>(older.values());
    kept.sort(Comparator.comparingLong(Shelved::arrival));
    kept.addAll(newest.values());
    return kept.stream().map(Shelved::statement).toList();
  }
}
