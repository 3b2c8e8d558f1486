package dev.tributary.evaluator.gate;

/** Which fresh records must be better together. */
public enum FreshScope {
  /** Those of each slice on their own: every fresh slice must be better. */
  SLICE,
  /**
   * All of them: better as a whole, and no fresh slice worse than the margin for retained ones. For
   * many small slices.
   */
  POOLED
}
