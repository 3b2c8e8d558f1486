package dev.tributary.trainer.lineage;

import java.util.OptionalLong;

/**
 * When a candidate is made: after so many new examples, or so long after the first of them,
 * whichever is first. Time is log-append time, so the answer depends on the log alone.
 *
 * @param everyExamples new examples, at least 1; checked after each micro-batch
 * @param afterMillis time after the first new example, at least 0
 */
public record CandidatePolicy(long everyExamples, long afterMillis) {

  public CandidatePolicy {
    if (everyExamples < 1 || afterMillis < 0) {
      throw new IllegalArgumentException(
          "no such policy: every %d examples, after %d ms".formatted(everyExamples, afterMillis));
    }
  }

  public boolean isDue(CandidateLineage lineage) {
    return lineage.examples() >= everyExamples;
  }

  /** When one is due at the latest; empty while nothing is new. */
  public OptionalLong deadline(CandidateLineage lineage) {
    return lineage.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(lineage.firstTimestamp() + afterMillis);
  }
}
