package dev.tributary.ingest.metrics;

import java.util.Locale;

/** What became of an example whose source is not trusted alone. */
public enum TrustOutcome {
  /** Held back until enough voices agree. */
  WAITING,
  /** Passed on: enough voices agree, or staff said the same. */
  CORROBORATED,
  /** Took back what it said while it waited. */
  WITHDRAWN,
  /** Not enough voices within the retention. */
  EXPIRED;

  /** Its metric label: the name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
