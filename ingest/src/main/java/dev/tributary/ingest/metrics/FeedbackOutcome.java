package dev.tributary.ingest.metrics;

import java.util.Locale;

/** What became of a feedback record. Every record that is validated ends in one of these. */
public enum FeedbackOutcome {
  /** Its interaction was found and an example made, or refused under a reason of its own. */
  JOINED,
  /** Joined, but of a kind nothing is trained on: ratings, labels, comments. */
  NO_EXAMPLE,
  /** Seen before, word for word. */
  DUPLICATE,
  /** Older than what is known under its id. */
  SUPERSEDED,
  /** Took the place of an older one under its id; counted in addition to its own outcome. */
  REPLACED,
  /** No interaction within the join window; dead letter. */
  UNMATCHED;

  /** Its metric label: the name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
