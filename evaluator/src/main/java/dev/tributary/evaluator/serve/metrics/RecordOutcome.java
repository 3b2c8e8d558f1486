package dev.tributary.evaluator.serve.metrics;

/** What became of an interaction that should be recorded. */
public enum RecordOutcome {
  /** The broker has it. */
  RECORDED,
  /** The broker refuses it for good. */
  FAILED,
  /** The buffer was full; the answer was given all the same. */
  DROPPED,
  /** A request to the base model that names no adapter: there is nowhere to record it. */
  UNATTRIBUTED;

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
