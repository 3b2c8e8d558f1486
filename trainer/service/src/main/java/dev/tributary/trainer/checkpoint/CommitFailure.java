package dev.tributary.trainer.checkpoint;

import java.util.Locale;

/**
 * A transaction that is not known to be committed. Whatever was to be committed must be dropped and
 * the newest pointer read again; going on from memory could train records twice or skip them.
 */
public final class CommitFailure extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Kind {
    /** Another instance owns the partition or the transaction by now: nothing was committed. */
    FENCED,
    /** The broker refused or the transaction was aborted: nothing was committed. */
    ABORTED,
    /** No answer in time: committed or not, only the log knows. */
    UNKNOWN
  }

  private final Kind kind;

  CommitFailure(Kind kind, Throwable cause) {
    super("transaction %s: %s".formatted(kind.name().toLowerCase(Locale.ROOT), cause), cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
