package dev.tributary.evaluator.score;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what a model made of a record. Bounded: what was not asked for longest goes first. Not
 * thread safe.
 */
final class ScoreCache<V> {

  private final Map<Key, V> values;

  ScoreCache(int capacity) {
    this.values =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
            return size() > capacity;
          }
        };
  }

  Optional<V> find(String model, String recordId) {
    return Optional.ofNullable(values.get(new Key(model, recordId)));
  }

  void put(String model, String recordId, V value) {
    values.put(new Key(model, recordId), value);
  }

  private record Key(String model, String recordId) {}
}
