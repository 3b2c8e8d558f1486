package dev.tributary.ingest.topology;

import java.util.Locale;

/** How far a feedback record has come. */
public enum JoinStatus {
  WAITING,
  JOINED,
  UNMATCHED,
  /** Joined, but of a kind nothing is trained on. */
  NO_EXAMPLE;

  /** The word interfaces use: the name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
