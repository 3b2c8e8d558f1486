package dev.tributary.ingest.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.ingest.topology.FeedbackStatus;
import dev.tributary.ingest.topology.JoinStatus;
import dev.tributary.ingest.topology.RecordStates;
import dev.tributary.ingest.topology.VoiceStatus;
import dev.tributary.ingest.topology.VoiceStatus.Stage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.topics.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrailsTest {

  private static final Instant TIME = Instant.parse("2026-01-15T12:00:00Z");

  private final Trail trail = new Trail(10);
  private Optional<FeedbackStatus> feedback = Optional.empty();
  private Optional<VoiceStatus> voices = Optional.empty();
  private final Trails trails = new Trails(new States(), trail, 2);

  @ParameterizedTest
  @CsvSource({
    "WAITING, WAITING_FOR_INTERACTION",
    "UNMATCHED, UNMATCHED",
    "NO_EXAMPLE, NO_EXAMPLE",
    "JOINED, QUEUED"
  })
  void feedbackWithoutAnExampleStandsWhereTheJoinLeftIt(JoinStatus join, RecordStatus status) {
    feedback = Optional.of(new FeedbackStatus("f1", "r1", join, TIME, TIME));
    assertEquals(status, trails.feedback("f1").orElseThrow().status());
  }

  @ParameterizedTest
  @CsvSource({
    "WAITING, WAITING_FOR_VOICES",
    "EXPIRED, NO_EXAMPLE",
    "BELIEVED, QUEUED",
  })
  void whatWaitsForVoicesSaysSo(Stage stage, RecordStatus status) {
    // given
    feedback = Optional.of(new FeedbackStatus("f1", "r1", JoinStatus.JOINED, TIME, TIME));
    voices = Optional.of(new VoiceStatus(stage, "acme/support", "r1", 1, TIME, TIME));

    // then
    assertEquals(status, trails.feedback("f1").orElseThrow().status());
    assertEquals(status, trails.instruction("f1").orElseThrow().status());
  }

  @Test
  void tellsHowManyVoicesThereAre() {
    voices = Optional.of(new VoiceStatus(Stage.WAITING, "acme/support", null, 1, TIME, TIME));
    String waitsFor = trails.instruction("i1").orElseThrow().advice().waitsFor();
    assertTrue(waitsFor.contains("1 of 2 voices"), waitsFor);
  }

  @Test
  void anExampleIsFoundAlsoWhileTheStateIsLoadedOrForgotten() {
    // given
    write("f1");
    assertEquals(RecordStatus.QUEUED, trails.feedback("f1").orElseThrow().status());

    // when
    feedback = null;
    voices = null;

    // then
    assertEquals(RecordStatus.QUEUED, trails.feedback("f1").orElseThrow().status());
    assertThrows(RetriableException.class, () -> trails.feedback("f2"));
    assertThrows(RetriableException.class, () -> trails.instruction("i1"));
  }

  @Test
  void nothingIsKnownOfWhatNobodySent() {
    assertEquals(Optional.empty(), trails.feedback("f1"));
    assertEquals(Optional.empty(), trails.instruction("i1"));
  }

  private void write(String recordId) {
    trail.add(
        TrainingExample.newBuilder()
            .setExampleId("example")
            .setAdapter("acme/support")
            .setKind(ExampleKind.SUPERVISED)
            .setPrompt("How long?")
            .setCompletion("45 days.")
            .setSource(FeedbackSource.AGENT)
            .setOrigin(new Origin(Topics.FEEDBACK.name(), recordId, "r1", List.of(recordId)))
            .setEventTime(TIME)
            .setIngestTime(TIME)
            .build(),
        new LogPlace(0, 5, TIME),
        false);
  }

  /** What the test says; null while the state is being loaded. */
  private final class States implements RecordStates {

    @Override
    public Optional<FeedbackStatus> feedback(String feedbackId) {
      return loaded(feedback);
    }

    @Override
    public Optional<VoiceStatus> voices(String topic, String recordId) {
      return loaded(voices);
    }

    private static <T> Optional<T> loaded(Optional<T> state) {
      if (state == null) {
        throw new RetriableException("loading");
      }
      return state;
    }
  }
}
