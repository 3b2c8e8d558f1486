package dev.tributary.ingest.topology;

import java.util.Optional;

/** Looks up where a feedback record stands. Thread-safe. */
public interface FeedbackStatusQuery {

  /**
   * Looks among the partitions this process works on.
   *
   * @return empty if the id is unknown here: never sent, not yet processed, older than the
   *     retention, or at another instance
   * @throws dev.tributary.foundation.error.RetriableException while the state is being loaded
   */
  Optional<FeedbackStatus> find(String feedbackId);
}
