package dev.tributary.ingest.topology.state;

import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * A map that forgets what is older than its store's retention. A window store drops whole time
 * segments, on disk and in its change log, where a plain store would have to look for each expired
 * entry.
 */
public final class Recent<V> {

  private final WindowStore<String, V> store;

  public Recent(WindowStore<String, V> store) {
    this.store = store;
  }

  /** The value put under the latest time. */
  public Optional<V> find(String key) {
    try (WindowStoreIterator<V> newestFirst = store.backwardFetch(key, 0, Long.MAX_VALUE)) {
      return newestFirst.hasNext() ? Optional.of(newestFirst.next().value) : Optional.empty();
    }
  }

  /**
   * @param at from when the retention counts; not before the time of the value it replaces
   */
  public void put(String key, V value, Instant at) {
    store.put(key, value, at.toEpochMilli());
  }

  /** As {@link #put}, but the new value counts also if the clock was set back in between. */
  public void replace(String key, V value, Instant now) {
    try (WindowStoreIterator<V> newestFirst = store.backwardFetch(key, 0, Long.MAX_VALUE)) {
      long newest = newestFirst.hasNext() ? newestFirst.peekNextKey() : Long.MIN_VALUE;
      store.put(key, value, Math.max(newest, now.toEpochMilli()));
    }
  }
}
