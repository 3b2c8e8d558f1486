package dev.tributary.evaluator.suite;

import static java.util.Objects.requireNonNullElse;

import dev.tributary.foundation.error.ConfigException;

/**
 * How large a suite may grow: the section {@code evaluator.suite}. Every component may be null,
 * which means its default.
 *
 * @param maxRecordsPerSlice records kept of each slice, held-out and told each: half of them the
 *     newest, half a sample of older ones; default 500
 * @param maxSlices slices of an adapter; records of further ones go to the slice {@value
 *     Suite#OVERFLOW_SLICE}; default 200
 * @param maxFacts fact keys and questions remembered of an adapter; default 100,000
 */
public record SuiteLimits(Integer maxRecordsPerSlice, Integer maxSlices, Integer maxFacts) {

  public SuiteLimits {
    maxRecordsPerSlice = requireNonNullElse(maxRecordsPerSlice, 500);
    maxSlices = requireNonNullElse(maxSlices, 200);
    maxFacts = requireNonNullElse(maxFacts, 100_000);
    check("max_records_per_slice", maxRecordsPerSlice);
    check("max_slices", maxSlices);
    check("max_facts", maxFacts);
  }

  public static SuiteLimits defaults() {
    return new SuiteLimits(null, null, null);
  }

  private static void check(String field, int value) {
    if (value < 1) {
      throw ConfigException.of("evaluator.suite." + field, value, "use at least 1");
    }
  }
}
