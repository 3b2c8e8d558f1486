package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.gate.statistics.Interval;
import dev.tributary.schemas.Verdict;

/**
 * What a requirement found on one slice.
 *
 * @param reason {@link GateReason#PASSED} when the slice meets what is asked
 * @param interval of the mean difference; its bounds are infinite when there are too few records
 *     for bounds
 * @param words the finding as a sentence without the slice's name
 */
record Finding(GateReason reason, Interval interval, String words) {

  boolean isMet() {
    return reason == GateReason.PASSED;
  }

  boolean isFailed() {
    return reason.verdict() == Verdict.FAILED;
  }

  /** The more serious of two findings; this one when they are equally so. */
  Finding orWorse(Finding other) {
    return other.reason.compareTo(reason) < 0 ? other : this;
  }
}
