package dev.tributary.evaluator.suite;

/**
 * Which examples tell a candidate from the release it is compared with: both have seen those before
 * {@code from}, only the candidate those from there to {@code to}, and neither those after.
 *
 * @param partition of {@code tributary.examples}; records of others are not compared
 * @param from first offset the release has not seen; 0 for the base model
 * @param to first offset the candidate has not seen
 */
public record ToldSince(int partition, long from, long to) {

  /** Of a candidate that does not say what it has seen: nothing told is compared. */
  public static final ToldSince UNKNOWN = new ToldSince(-1, 0, 0);

  boolean isBefore(SuiteRecord record) {
    return record.partition() == partition && record.offset() < Math.min(from, to);
  }

  boolean covers(SuiteRecord record) {
    return record.partition() == partition && record.offset() >= from && record.offset() < to;
  }

  boolean isAfter(SuiteRecord record) {
    return record.partition() == partition && record.offset() >= to;
  }
}
