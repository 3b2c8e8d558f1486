package dev.tributary.evaluator.gate;

/** How the uncertainty of a mean difference is bounded. */
public enum IntervalMethod {
  /** Student's t interval: exact for normal differences, safe for few records. */
  T,
  /** Percentile bootstrap: for skewed differences, from about twenty records on. */
  BOOTSTRAP
}
