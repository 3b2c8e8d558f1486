package dev.tributary.ingest.topology;

import static dev.tributary.ingest.topology.Records.ADAPTER;
import static dev.tributary.ingest.topology.Records.correction;
import static dev.tributary.ingest.topology.Records.instruction;
import static dev.tributary.ingest.topology.Records.interaction;
import static dev.tributary.ingest.topology.Records.thumb;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class CorroborateTest {

  @TempDir Path directory;

  private TopologyFixture topology;

  @BeforeEach
  void start() {
    topology = TopologyFixture.trainingOnly(directory);
    for (int i = 1; i <= 4; i++) {
      topology.send(
          interaction("r" + i).setMessages(List.of(Records.message("user", "How long?"))));
    }
  }

  @AfterEach
  void stop() {
    topology.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = FeedbackSource.class,
      names = {"AGENT", "ANNOTATOR"},
      mode = Mode.EXCLUDE)
  void oneVoiceOfNoStaffWaits(FeedbackSource source) {
    // when
    topology.send(by("anna", "f1", "r1", "45 days.").setSource(source));

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(1, topology.examplesWaiting());
    assertEquals(1, topology.count("tributary.examples.untrusted", "outcome", "waiting"));
  }

  @Test
  void aSecondAuthorWithTheSameAnswerIsEnough() {
    // when
    topology.send(by("anna", "f1", "r1", "45 days."));
    topology.send(by("ben", "f2", "r2", " 45  DAYS."));

    // then
    assertPassed("f1", "f2");
    assertEquals(0, topology.examplesWaiting());
    assertEquals(2, topology.count("tributary.examples.untrusted", "outcome", "corroborated"));
  }

  @Test
  void anotherAnswerOrQuestionOrAdapterIsNoSecondVoice() {
    // given
    topology.send(by("anna", "f1", "r1", "45 days."));

    // when
    topology.send(by("ben", "f2", "r2", "60 days."));
    topology.send(interaction("other").setAdapter("acme/support"));
    topology.send(by("ben", "f3", "other", "45 days."));
    topology.send(
        interaction("sales")
            .setAdapter("acme/sales")
            .setMessages(List.of(Records.message("user", "How long?"))));
    topology.send(by("ben", "f4", "sales", "45 days."));

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(4, topology.examplesWaiting());
  }

  @Test
  void anAuthorIsOneVoiceAndWhoGivesNoneIsNone() {
    // when
    for (int i = 1; i <= 4; i++) {
      topology.send(by("anna", "a" + i, "r" + i, "45 days."));
      topology.send(by(null, "n" + i, "r" + i, "45 days."));
    }

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(8, topology.examplesWaiting());

    // and a second one frees them all
    topology.send(by("ben", "b", "r1", "45 days."));
    assertEquals(9, topology.examples().size());
  }

  @Test
  void whatIsBelievedNeedsNoMoreVoices() {
    // given
    topology.send(by("anna", "f1", "r1", "45 days."));
    topology.send(by("ben", "f2", "r2", "45 days."));
    topology.examples();

    // when
    topology.send(by("anna", "f3", "r3", "45 days."));

    // then
    assertPassed("f3");
  }

  @Test
  void staffAreBelievedAtOnceAndConfirmOthers() {
    // given
    topology.send(by("anna", "f1", "r1", "45 days."));
    topology.send(by("carl", "f2", "r1", "60 days."));

    // when
    topology.send(correction("staff", "r2", "45 days.").setFactKey("returns.days"));

    // then
    List<TrainingExample> examples = topology.examples();
    assertEquals(
        List.of(Trust.CORROBORATED, Trust.TRUSTED),
        examples.stream().map(TrainingExample::getTrust).toList());
    assertEquals("returns.days", examples.getLast().getFactKey());
    assertEquals(1, topology.examplesWaiting());
  }

  @Test
  void whenStaffSayOtherwiseTheOldAnswerNeedsVoicesAgain() {
    // given
    topology.send(correction("s1", "r1", "30 days."));
    topology.send(correction("s2", "r2", "45 days."));
    topology.examples();

    // when
    topology.send(by("anna", "f1", "r3", "30 days."));

    // then
    assertEquals(List.of(), topology.examples());
  }

  @ParameterizedTest
  @EnumSource(
      value = FeedbackSource.class,
      names = {"USER", "JUDGE"})
  void aDirectRecordOfThemIsAVoiceLikeFeedback(FeedbackSource source) {
    // when
    topology.send(
        instruction("i1")
            .setInstruction("How long?")
            .setOutput("45 days.")
            .setSource(source)
            .setAuthorId("anna"));
    assertEquals(List.of(), topology.examples());
    topology.send(by("ben", "f1", "r1", "45 days."));

    // then
    assertPassed("i1", "f1");
  }

  @Test
  void feedbackThatGivesNoAnswerPasses() {
    // when
    topology.send(thumb("f1", "r1", -1).setAuthorId("anna"));

    // then
    assertEquals(1, topology.examples().size());
    assertEquals(0, topology.examplesWaiting());
  }

  @Test
  void aChangedRecordTakesItsVoiceWithIt() {
    // given
    topology.send(by("anna", "f1", "r1", "45 days."));

    // when
    topology.send(by("anna", "f1", "r1", "60 days.").setEventTime(Records.TIME.plusSeconds(1)));
    topology.send(by("ben", "f2", "r2", "45 days."));

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(2, topology.examplesWaiting());
    assertEquals(1, topology.count("tributary.examples.untrusted", "outcome", "withdrawn"));
  }

  @Test
  void whatFindsNoSecondVoiceIsDroppedAfterTheRetentionAndCounted() {
    // given
    topology.send(by("anna", "f1", "r1", "45 days."));

    // when
    topology.advance(Duration.ofHours(25));
    topology.send(interaction("r2").setMessages(List.of(Records.message("user", "How long?"))));
    topology.send(by("ben", "f2", "r2", "45 days."));

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(1, topology.examplesWaiting());
    assertEquals(1, topology.count("tributary.examples.untrusted", "outcome", "expired"));
  }

  private void assertPassed(String... recordIds) {
    List<TrainingExample> examples = topology.examples();
    assertEquals(
        List.of(recordIds),
        examples.stream().map(example -> example.getOrigin().getRecordId()).toList());
    examples.forEach(example -> assertEquals(Trust.CORROBORATED, example.getTrust()));
    examples.forEach(example -> assertEquals(ADAPTER, example.getAdapter()));
  }

  private static Feedback.Builder by(
      String author, String id, String requestId, String correction) {
    return correction(id, requestId, correction).setSource(FeedbackSource.USER).setAuthorId(author);
  }
}
