package dev.tributary.trainer.pack;

import dev.tributary.foundation.AdapterId;
import java.util.Comparator;

/**
 * Something due once the log is known to hold no further record up to a time.
 *
 * @param at log-append time, in milliseconds since the epoch; records of this very time come first
 * @param adapter whose it is
 * @param action what is due
 */
public record Deadline(long at, AdapterId adapter, Action action) {

  /** Due order; total, so that equal times are handled alike in every run. */
  public static final Comparator<Deadline> ORDER =
      Comparator.comparingLong(Deadline::at)
          .thenComparing(Deadline::adapter)
          .thenComparing(Deadline::action);

  /** What is due; at equal times in this order. */
  public enum Action {
    CLOSE_BATCH,
    EMIT_CANDIDATE
  }

  public static Deadline closeBatch(long at, AdapterId adapter) {
    return new Deadline(at, adapter, Action.CLOSE_BATCH);
  }

  public static Deadline emitCandidate(long at, AdapterId adapter) {
    return new Deadline(at, adapter, Action.EMIT_CANDIDATE);
  }
}
