package dev.tributary.ingest.metrics;

import java.util.Locale;

/** What comes in. */
public enum RecordKind {
  INSTRUCTION,
  INTERACTION,
  FEEDBACK;

  /** Its metric label: the name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
