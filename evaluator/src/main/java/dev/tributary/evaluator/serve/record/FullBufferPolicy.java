package dev.tributary.evaluator.serve.record;

/**
 * What the server does while interactions cannot be recorded because the broker takes none and the
 * buffer is full.
 */
public enum FullBufferPolicy {
  /** Answers all the same; what is not recorded is counted and logged. */
  ANSWER,
  /** Refuses to answer, with 503: nothing is said that is not on record. */
  REFUSE
}
