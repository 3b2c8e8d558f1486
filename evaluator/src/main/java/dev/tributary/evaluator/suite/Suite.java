package dev.tributary.evaluator.suite;

import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The held-out records of one adapter, by slice and in order of arrival. Bounded: the newest
 * records of each slice are kept. A newer, different answer under the same fact key removes older
 * ones, because a candidate must not be punished for having learnt that a fact changed. Not thread
 * safe.
 */
public final class Suite {

  /** Takes the records of slices beyond the limit. */
  public static final String OVERFLOW_SLICE = "(other)";

  private final SuiteLimits limits;
  private final FactBook facts;
  private final SortedMap<String, Map<String, HeldOutRecord>> slices = new TreeMap<>();
  private long superseded;
  private long evicted;

  Suite(SuiteLimits limits) {
    this.limits = limits;
    this.facts = new FactBook(limits.maxFacts());
  }

  /** Takes in a held-out record. */
  Arrival add(HeldOutRecord record) {
    TrainingExample example = record.example();
    if (!isScorable(example)) {
      return Arrival.UNSCORABLE;
    }
    learnFact(example);
    if (example.getFactKey() != null
        && !facts.holds(example.getFactKey(), example.getCompletion())) {
      superseded++;
      return Arrival.SUPERSEDED;
    }
    if (slices.values().stream().anyMatch(slice -> slice.containsKey(record.id()))) {
      return Arrival.DUPLICATE;
    }
    Map<String, HeldOutRecord> slice =
        slices.computeIfAbsent(sliceOf(example), name -> new LinkedHashMap<>());
    slice.put(record.id(), record);
    evictBeyondLimit(slice);
    return Arrival.ADDED;
  }

  /** Learns from any example, trained on or held out, which answer holds under its fact key. */
  void learnFact(TrainingExample example) {
    String key = example.getFactKey();
    if (key != null
        && isScorable(example)
        && facts.learn(key, example.getCompletion(), example.getEventTime())) {
      removeSuperseded(key);
    }
  }

  private void removeSuperseded(String factKey) {
    for (Map<String, HeldOutRecord> slice : slices.values()) {
      int before = slice.size();
      slice
          .values()
          .removeIf(
              record ->
                  factKey.equals(record.example().getFactKey())
                      && !facts.holds(factKey, record.example().getCompletion()));
      superseded += before - slice.size();
    }
    slices.values().removeIf(Map::isEmpty);
  }

  private void evictBeyondLimit(Map<String, HeldOutRecord> slice) {
    if (slice.size() > limits.maxRecordsPerSlice()) {
      Iterator<String> oldest = slice.keySet().iterator();
      oldest.next();
      oldest.remove();
      evicted++;
    }
  }

  private String sliceOf(TrainingExample example) {
    String slice = example.getSlice();
    return slices.containsKey(slice) || slices.size() < limits.maxSlices() ? slice : OVERFLOW_SLICE;
  }

  private static boolean isScorable(TrainingExample example) {
    boolean wanted =
        example.getKind() != ExampleKind.BINARY || Boolean.TRUE.equals(example.getDesirable());
    return wanted && example.getCompletion() != null && !example.getCompletion().isBlank();
  }

  /** A copy of what is there now: slices by name, records in order of arrival. */
  public SortedMap<String, List<HeldOutRecord>> slices() {
    SortedMap<String, List<HeldOutRecord>> copy = new TreeMap<>();
    slices.forEach((name, records) -> copy.put(name, new ArrayList<>(records.values())));
    return copy;
  }

  /** Records that are measured on. */
  public int size() {
    return slices.values().stream().mapToInt(Map::size).sum();
  }

  /** Records removed or refused because a newer answer is known. */
  public long superseded() {
    return superseded;
  }

  /** Records dropped to stay within the limit. */
  public long evicted() {
    return evicted;
  }
}
