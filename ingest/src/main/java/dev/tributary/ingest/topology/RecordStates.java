package dev.tributary.ingest.topology;

import java.util.Optional;

/**
 * Looks up where a record stands within the topology, among the partitions this process works on.
 * Thread-safe.
 */
public interface RecordStates {

  /**
   * How far feedback has come with its interaction.
   *
   * @return empty if the id is unknown here: never sent, not yet processed, older than the
   *     retention, or at another instance
   * @throws dev.tributary.foundation.error.RetriableException while the state is being loaded
   */
  Optional<FeedbackStatus> feedback(String feedbackId);

  /**
   * Whether a record waits, or waited, for voices.
   *
   * @param topic of the record
   * @return empty if it never had to wait, or is unknown here
   * @throws dev.tributary.foundation.error.RetriableException while the state is being loaded
   */
  Optional<VoiceStatus> voices(String topic, String recordId);
}
