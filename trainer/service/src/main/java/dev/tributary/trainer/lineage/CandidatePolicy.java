package dev.tributary.trainer.lineage;

import java.util.OptionalLong;

/**
 * When a candidate is made: at once after a trusted correction, which somebody waits for; else when
 * nothing new has come for a while, so that an import is cut into few; at the latest after so many
 * new examples, or so long after the first. Time is log-append time, so the answer depends on the
 * log alone.
 *
 * @param everyExamples new examples, at least 1; checked after each micro-batch
 * @param quietMillis time after the last new example, at least 0
 * @param afterMillis time after the first new example, at least 0
 */
public record CandidatePolicy(long everyExamples, long quietMillis, long afterMillis) {

  public CandidatePolicy {
    if (everyExamples < 1 || quietMillis < 0 || afterMillis < 0) {
      throw new IllegalArgumentException(
          "no such policy: every %d examples, %d ms after the last, %d ms after the first"
              .formatted(everyExamples, quietMillis, afterMillis));
    }
  }

  public boolean isDue(CandidateLineage lineage) {
    return lineage.urgent() || lineage.examples() >= everyExamples;
  }

  /**
   * When one is due at the latest; empty while nothing is new.
   *
   * @param moreCame whether more examples have come that are not trained on yet: it is not quiet
   */
  public OptionalLong deadline(CandidateLineage lineage, boolean moreCame) {
    if (lineage.isEmpty()) {
      return OptionalLong.empty();
    }
    long latest = lineage.firstTimestamp() + afterMillis;
    return OptionalLong.of(
        moreCame ? latest : Math.min(latest, lineage.lastTimestamp() + quietMillis));
  }
}
