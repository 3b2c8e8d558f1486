package dev.tributary.evaluator.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Records of one topic, by slice and in order of arrival. Bounded: the newest of each slice are
 * kept. Not thread safe.
 */
final class Shelf {

  private final SuiteLimits limits;
  private final SortedMap<String, Map<String, Statement>> slices = new TreeMap<>();
  private long evicted;

  Shelf(SuiteLimits limits) {
    this.limits = limits;
  }

  /** Returns false when it is there already. */
  boolean add(Statement statement) {
    SuiteRecord record = statement.record();
    if (slices.values().stream().anyMatch(slice -> slice.containsKey(record.id()))) {
      return false;
    }
    Map<String, Statement> slice =
        slices.computeIfAbsent(
            sliceFor(record.example().getSlice()), name -> new LinkedHashMap<>());
    slice.put(record.id(), statement);
    if (slice.size() > limits.maxRecordsPerSlice()) {
      Iterator<String> oldest = slice.keySet().iterator();
      oldest.next();
      oldest.remove();
      evicted++;
    }
    return true;
  }

  private String sliceFor(String slice) {
    return slices.containsKey(slice) || slices.size() < limits.maxSlices()
        ? slice
        : Suite.OVERFLOW_SLICE;
  }

  Collection<Statement> all() {
    return slices.values().stream().flatMap(slice -> slice.values().stream()).toList();
  }

  /** The records for which the condition holds, by slice; slices without any are left out. */
  SortedMap<String, List<SuiteRecord>> records(Predicate<Statement> condition) {
    SortedMap<String, List<SuiteRecord>> chosen = new TreeMap<>();
    slices.forEach(
        (name, statements) -> {
          List<SuiteRecord> records = new ArrayList<>();
          statements.values().stream()
              .filter(condition)
              .map(Statement::record)
              .forEach(records::add);
          if (!records.isEmpty()) {
            chosen.put(name, List.copyOf(records));
          }
        });
    return chosen;
  }

  /** Records dropped to stay within the limit. */
  long evicted() {
    return evicted;
  }
}
