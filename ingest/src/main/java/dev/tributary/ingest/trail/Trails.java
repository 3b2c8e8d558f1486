package dev.tributary.ingest.trail;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.ingest.topology.FeedbackStatus;
import dev.tributary.ingest.topology.RecordStates;
import dev.tributary.ingest.topology.VoiceStatus;
import dev.tributary.schemas.topics.Topics;
import java.time.Instant;
import java.util.Optional;

/**
 * Puts together what the topology knows of a record and what became of its example. Thread-safe.
 */
public final class Trails {

  private final RecordStates states;
  private final Trail trail;
  private final int neededVoices;

  /**
   * @param neededVoices how many voices make an answer believed
   */
  public Trails(RecordStates states, Trail trail, int neededVoices) {
    this.states = states;
    this.trail = trail;
    this.neededVoices = neededVoices;
  }

  /**
   * Where a feedback record stands; empty if it is unknown here: never sent, not yet processed, or
   * too old.
   *
   * @throws RetriableException while the topology's state is being loaded and no example of the
   *     record is known
   */
  public Optional<RecordTrail> feedback(String id) {
    Optional<RecordTrail> example = trail.find(Topics.FEEDBACK.name(), id);
    try {
      Optional<FeedbackStatus> status = states.feedback(id);
      return status.isEmpty() ? example : Optional.of(feedback(status.get(), example));
    } catch (RetriableException e) {
      return Optional.of(example.orElseThrow(() -> e));
    }
  }

  /** The same of a direct record: the newest under this id, should two adapters use it. */
  public Optional<RecordTrail> instruction(String id) {
    String topic = Topics.INSTRUCTIONS.name();
    Optional<RecordTrail> example = trail.find(topic, id);
    return example.isPresent()
        ? example
        : states.voices(topic, id).map(status -> voices(status, status.receivedAt()));
  }

  private RecordTrail feedback(FeedbackStatus status, Optional<RecordTrail> example) {
    return switch (status.status()) {
      case WAITING -> here(status, RecordStatus.WAITING_FOR_INTERACTION, Advice.interaction());
      case UNMATCHED -> here(status, RecordStatus.UNMATCHED, Advice.unmatched());
      case NO_EXAMPLE -> here(status, RecordStatus.NO_EXAMPLE, Advice.noExample());
      case JOINED ->
          states
              .voices(Topics.FEEDBACK.name(), status.feedbackId())
              .filter(voices -> voices.stage() != VoiceStatus.Stage.BELIEVED)
              .map(voices -> voices(voices, status.receivedAt()))
              .or(() -> example)
              .orElseGet(() -> here(status, RecordStatus.QUEUED, Advice.joined()));
    };
  }

  private RecordTrail voices(VoiceStatus status, Instant receivedAt) {
    return switch (status.stage()) {
      case WAITING ->
          of(
              status,
              receivedAt,
              RecordStatus.WAITING_FOR_VOICES,
              Advice.voices(status.voices(), neededVoices));
      case EXPIRED -> of(status, receivedAt, RecordStatus.NO_EXAMPLE, Advice.expired(neededVoices));
      case BELIEVED -> of(status, receivedAt, RecordStatus.QUEUED, Advice.joined());
    };
  }

  private static RecordTrail here(FeedbackStatus feedback, RecordStatus status, Advice advice) {
    return without(
        null, feedback.requestId(), status, feedback.receivedAt(), feedback.updatedAt(), advice);
  }

  private static RecordTrail of(
      VoiceStatus voices, Instant receivedAt, RecordStatus status, Advice advice) {
    return without(
        voices.adapter(), voices.requestId(), status, receivedAt, voices.updatedAt(), advice);
  }

  private static RecordTrail without(
      String adapter,
      String requestId,
      RecordStatus status,
      Instant receivedAt,
      Instant updatedAt,
      Advice advice) {
    return new RecordTrail(
        adapter, requestId, status, null, receivedAt, updatedAt, null, null, null, null, advice);
  }
}
