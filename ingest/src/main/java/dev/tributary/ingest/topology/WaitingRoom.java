package dev.tributary.ingest.topology;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What one task holds back until something else arrives, found by the name of what it waits for.
 * Keeps a gauge right.
 *
 * @param <V> what waits
 */
final class WaitingRoom<V> {

  /** Cannot occur in an id: validation refuses control characters. */
  private static final char SEPARATOR = '\0';

  /** Bounds the work, and so the transaction, of one round. */
  private static final int MAX_ROUND = 1_000;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  private final KeyValueStore<String, V> store;
  private final Function<V, Instant> arrival;
  private final LongConsumer gauge;
  private long count;

  /**
   * @param arrival when something began to wait
   * @param gauge told how much waits, whenever that changes
   */
  WaitingRoom(KeyValueStore<String, V> store, Function<V, Instant> arrival, LongConsumer gauge) {
    this.store = store;
    this.arrival = arrival;
    this.gauge = gauge;
    try (KeyValueIterator<String, V> all = store.all()) {
      all.forEachRemaining(entry -> count++);
    }
    gauge.accept(count);
  }

  /** How often to look for ended windows: a tenth of the window, at most every ten seconds. */
  static Duration sweepInterval(Duration joinWindow) {
    Duration tenth = joinWindow.dividedBy(10);
    return tenth.compareTo(LONGEST_INTERVAL) < 0 ? tenth : LONGEST_INTERVAL;
  }

  /**
   * @param what it waits for
   * @param id tells it from others that wait for the same; one of them is kept under an id
   */
  void add(String what, String id, V value) {
    if (store.get(key(what, id)) == null) {
      count++;
    }
    store.put(key(what, id), value);
    gauge.accept(count);
  }

  void remove(String what, String id) {
    if (store.delete(key(what, id)) != null) {
      gauge.accept(--count);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Takes out all that waits for something, in the order of the ids. */
  List<V> remove(String what) {
    try (var waiting = store.prefixScan(what + SEPARATOR, new StringSerializer())) {
      return removeIf(waiting, Integer.MAX_VALUE, value -> true);
    }
  }

  /** Takes out what began to wait at or before a time; at most a round's worth. */
  List<V> removeArrivedBefore(Instant time) {
    try (var waiting = store.all()) {
      return removeIf(waiting, MAX_ROUND, value -> !arrival.apply(value).isAfter(time));
    }
  }

  void close() {
    gauge.accept(0);
  }

  private List<V> removeIf(KeyValueIterator<String, V> waiting, int limit, Predicate<V> condition) {
    List<KeyValue<String, V>> found = new ArrayList<>();
    while (waiting.hasNext() && found.size() < limit) {
      KeyValue<String, V> entry = waiting.next();
      if (condition.test(entry.value)) {
        found.add(entry);
      }
    }
    found.forEach(entry -> store.delete(entry.key));
    count -= found.size();
    gauge.accept(count);
    return found.stream().map(entry -> entry.value).toList();
  }

  private static String key(String what, String id) {
    return what + SEPARATOR + id;
  }
}
