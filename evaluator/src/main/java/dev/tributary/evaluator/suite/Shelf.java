package dev.tributary.evaluator.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Records of one topic, by slice and in order of arrival. Bounded. Not thread safe. */
final class Shelf {

  private final SuiteLimits limits;
  private final SortedMap<String, ShelfSlice> slices = new TreeMap<>();
  private final Set<String> ids = new HashSet<>();
  private long evicted;

  Shelf(SuiteLimits limits) {
    this.limits = limits;
  }

  /** Returns false when it is there already. */
  boolean add(Statement statement) {
    SuiteRecord record = statement.record();
    if (!ids.add(record.id())) {
      return false;
    }
    slices
        .computeIfAbsent(
            sliceFor(record.example().getSlice()),
            name -> new ShelfSlice(limits.maxRecordsPerSlice()))
        .add(statement)
        .ifPresent(
            dropped -> {
              ids.remove(dropped.record().id());
              evicted++;
            });
    return true;
  }

  private String sliceFor(String slice) {
    return slices.containsKey(slice) || slices.size() < limits.maxSlices()
        ? slice
        : Suite.OVERFLOW_SLICE;
  }

  Collection<Statement> all() {
    return slices.values().stream().flatMap(slice -> slice.statements().stream()).toList();
  }

  /** The records for which the condition holds, by slice; slices without any are left out. */
  SortedMap<String, List<SuiteRecord>> records(Predicate<Statement> condition) {
    SortedMap<String, List<SuiteRecord>> chosen = new TreeMap<>();
    slices.forEach(
        (name, slice) -> {
          List<SuiteRecord> records = new ArrayList<>();
          slice.statements().stream()
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
