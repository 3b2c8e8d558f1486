package dev.tributary.ingest.trail;

import java.util.Locale;

/** Where a record stands on its way to being answered as told. */
public enum RecordStatus {
  /** Feedback whose interaction has not arrived. */
  WAITING_FOR_INTERACTION,
  /** Feedback whose interaction did not arrive within the join window. */
  UNMATCHED,
  /** Of a source that is not trusted alone, and too few others said the same. */
  WAITING_FOR_VOICES,
  /** Nothing is learnt from it. */
  NO_EXAMPLE,
  /** Measured on, and never trained on. */
  HELD_OUT,
  /** To be trained on. */
  QUEUED,
  /** In a checkpoint, without a verdict yet. */
  TRAINED,
  /** In a version the gate could not decide on yet. */
  UNDECIDED,
  /** In a version that is not served, or not learnt by the one that is. */
  REFUSED,
  /** In the version that answers. */
  SERVED,
  /** A newer answer to the same question or under the same fact key took its place. */
  REPLACED;

  /** The word interfaces use: the name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
