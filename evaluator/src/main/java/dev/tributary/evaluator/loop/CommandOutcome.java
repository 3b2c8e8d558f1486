package dev.tributary.evaluator.loop;

/** What became of a command. */
public sealed interface CommandOutcome {

  /** For a person to read. */
  String message();

  /** It was done. */
  record Applied(String message) implements CommandOutcome {}

  /**
   * It was not done, and nothing has changed.
   *
   * @param cause why, as far as a caller can act on it
   */
  record Refused(Cause cause, String message) implements CommandOutcome {}

  /** Why a command is refused. */
  enum Cause {
    /** There is no such adapter or version. */
    UNKNOWN,
    /** The gate did not pass the version, and the command does not force it. */
    GATE,
    /** The version cannot answer: wrong base model, damaged bytes, or nothing to go back from. */
    UNUSABLE
  }
}
