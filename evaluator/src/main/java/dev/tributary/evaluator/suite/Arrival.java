package dev.tributary.evaluator.suite;

import java.util.Locale;

/** What became of a record that arrived for a suite. */
public enum Arrival {
  /** It is measured on from now on. */
  ADDED,
  /** The suite has it already. */
  DUPLICATE,
  /** A newer, different answer to its question or under its fact key is known. */
  SUPERSEDED,
  /** It has no answer to score: not a supervised example, or an undesirable one. */
  UNSCORABLE;

  /** Lower-case name for labels. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
