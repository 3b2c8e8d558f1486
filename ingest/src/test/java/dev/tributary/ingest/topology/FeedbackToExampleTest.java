package dev.tributary.ingest.topology;

import static dev.tributary.ingest.topology.Records.correction;
import static dev.tributary.ingest.topology.Records.feedback;
import static dev.tributary.ingest.topology.Records.interaction;
import static dev.tributary.ingest.topology.Records.thumb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.FeedbackKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class FeedbackToExampleTest {

  @TempDir Path directory;

  private TopologyFixture topology;

  @BeforeEach
  void start() {
    topology = TopologyFixture.trainingOnly(directory);
  }

  @AfterEach
  void stop() {
    topology.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, , , true",
    "-1, , , false",
    "0, , , false",
    "1, 0, 1, true",
    "0, 0, 1, false",
    "1, 1, 5, false"
  })
  void aThumbJudgesTheAnswerGiven(double value, Double min, Double max, boolean desirable) {
    // when
    TrainingExample example = join(thumb("f1", "r1", value).setScaleMin(min).setScaleMax(max));

    // then
    assertEquals(ExampleKind.BINARY, example.getKind());
    assertEquals("Answer to r1", example.getCompletion());
    assertEquals(desirable, example.getDesirable());
  }

  @Test
  void aCorrectionIsTheAnswerToLearn() {
    // when
    TrainingExample example = join(correction("f1", "r1", "Right"));

    // then
    assertEquals(ExampleKind.SUPERVISED, example.getKind());
    assertEquals("Right", example.getCompletion());
    assertNull(example.getDesirable());
    assertEquals("Answer to r1", example.getRejected());
    assertEquals(Trust.TRUSTED, example.getTrust());
  }

  @Test
  void aCorrectionOfNothingRejectsNothing() {
    // given
    topology.send(interaction("r1").setCompletion(" "));

    // when
    topology.send(correction("f1", "r1", "Right"));

    // then
    assertNull(topology.examples().getFirst().getRejected());
  }

  @Test
  void aCorrectionEqualToTheAnswerGivenIsLearntToo() {
    // when
    TrainingExample example = join(correction("f1", "r1", "Answer to r1"));

    // then
    assertEquals("Answer to r1", example.getCompletion());
  }

  @Test
  void aLongCorrectionIsKeptWhole() {
    // when
    String answer = "word ".repeat(10_000);

    // then
    assertEquals(answer, join(correction("f1", "r1", answer)).getCompletion());
  }

  @Test
  void twoCorrectionsOfOneQuestionKeepTheirOrderAndTheirTimes() {
    // given
    topology.send(interaction("r1"));

    // when
    topology.send(correction("f1", "r1", "First").setEventTime(Records.TIME.plusMillis(400)));
    topology.send(correction("f2", "r1", "Second").setEventTime(Records.TIME.plusMillis(300)));

    // then
    List<TrainingExample> examples = topology.examples();
    assertEquals(
        List.of("First", "Second"), examples.stream().map(TrainingExample::getCompletion).toList());
    assertEquals(
        List.of(Records.TIME.plusMillis(400), Records.TIME.plusMillis(300)),
        examples.stream().map(TrainingExample::getEventTime).toList());
  }

  @Test
  void aPreferenceWithoutRejectedTextRejectsTheAnswerGiven() {
    // when
    TrainingExample example =
        join(feedback("f1", "r1", FeedbackKind.PREFERENCE).setPreferred("Better"));

    // then
    assertEquals(ExampleKind.PREFERENCE, example.getKind());
    assertEquals("Better", example.getCompletion());
    assertEquals("Answer to r1", example.getRejected());
  }

  @Test
  void aPreferenceBetweenTwoTextsKeepsBoth() {
    // when
    TrainingExample example =
        join(
            feedback("f1", "r1", FeedbackKind.PREFERENCE)
                .setPreferred("Better")
                .setRejected("Worse"));

    // then
    assertEquals("Worse", example.getRejected());
  }

  @Test
  void aPreferenceThatDoesNotChooseIsADeadLetter() {
    refuse(
        feedback("f1", "r1", FeedbackKind.PREFERENCE).setPreferred(" Answer to r1"),
        "identical_pair");
  }

  @Test
  void aThumbOnAnEmptyAnswerIsADeadLetterAndItsCorrectionIsNot() {
    // given
    topology.send(interaction("r1").setCompletion(""));

    // when
    topology.send(thumb("f1", "r1", -1));
    topology.send(correction("f2", "r1", "Right"));

    // then
    assertEquals(
        "empty_completion",
        TopologyFixture.header(topology.deadLetters().getFirst(), "tributary.reason"));
    assertEquals("Right", topology.examples().getFirst().getCompletion());
    assertEquals(
        1, topology.count("tributary.deadletters", "stage", "map", "reason", "empty_completion"));
  }

  @ParameterizedTest
  @EnumSource(
      value = FeedbackKind.class,
      names = {"RATING", "LABEL", "COMMENT"})
  void otherKindsGiveNoExampleAndAreCounted(FeedbackKind kind) {
    // given
    topology.send(interaction("r1"));

    // when
    topology.send(feedback("f1", "r1", kind).setValue(3.0).setLabel("good").setComment("fine"));

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(List.of(), topology.deadLetters());
    assertEquals(1, topology.count("tributary.feedback.joined", "outcome", "no_example"));
  }

  @ParameterizedTest
  @EnumSource(
      value = FeedbackSource.class,
      names = {"AGENT", "ANNOTATOR"},
      mode = Mode.EXCLUDE)
  void aFactKeyFromAnyoneButStaffIsDroppedAndCounted(FeedbackSource source) {
    // given staff who confirm it
    topology.send(interaction("r1"));
    topology.send(correction("staff", "r1", "Right"));
    topology.examples();

    // when
    TrainingExample example =
        join(correction("f1", "r1", "Right").setFactKey("returns.days").setSource(source));

    // then
    assertNull(example.getFactKey());
    assertEquals(Trust.CORROBORATED, example.getTrust());
    assertEquals(source, example.getSource());
    assertEquals(1, topology.count("tributary.fact.keys.ignored", "kind", "feedback"));
  }

  @ParameterizedTest
  @EnumSource(
      value = FeedbackSource.class,
      names = {"AGENT", "ANNOTATOR"})
  void aFactKeyFromStaffIsHonoured(FeedbackSource source) {
    assertEquals(
        "returns.days",
        join(correction("f1", "r1", "Right").setFactKey("returns.days").setSource(source))
            .getFactKey());
  }

  @Test
  void sliceAndSubjectOfTheFeedbackComeBeforeThoseOfTheInteraction() {
    // given
    topology.send(
        interaction("r1").setSlice("a").setSubjectId("s1").setMetadata(Map.of("x", "1", "y", "1")));

    // when
    topology.send(thumb("f1", "r1", 1));
    topology.send(
        thumb("f2", "r1", 1).setSlice("b").setSubjectId("s2").setMetadata(Map.of("y", "2")));

    // then
    List<TrainingExample> examples = topology.examples();
    assertEquals(List.of("a", "b"), examples.stream().map(TrainingExample::getSlice).toList());
    assertEquals(
        List.of("s1", "s2"), examples.stream().map(TrainingExample::getSubjectId).toList());
    assertEquals(Map.of("x", "1", "y", "2"), examples.getLast().getMetadata());
  }

  @Test
  void aRawPromptStaysOne() {
    // given
    topology.send(interaction("r1").setMessages(List.of()).setPrompt("Once upon"));

    // when
    topology.send(thumb("f1", "r1", 1));

    // then
    TrainingExample example = topology.examples().getFirst();
    assertEquals("Once upon", example.getPrompt());
    assertEquals(List.of(), example.getMessages());
  }

  @Test
  void theIngestTimeIsThatOfWhicheverCameLast() {
    // given
    topology.send(interaction("r1").setIngestTime(Records.TIME.plusSeconds(20)));

    // when
    topology.send(thumb("f1", "r1", 1).setIngestTime(Records.TIME.plusSeconds(10)));
    topology.send(thumb("f2", "r1", 1).setIngestTime(Records.TIME.plusSeconds(30)));

    // then
    assertEquals(
        List.of(Records.TIME.plusSeconds(20), Records.TIME.plusSeconds(30)),
        topology.examples().stream().map(TrainingExample::getIngestTime).toList());
  }

  private TrainingExample join(Feedback.Builder feedback) {
    topology.send(interaction("r1"));
    topology.send(feedback);
    List<TrainingExample> examples = topology.examples();
    assertEquals(1, examples.size(), examples.toString());
    return examples.getFirst();
  }

  private void refuse(Feedback.Builder feedback, String reason) {
    topology.send(interaction("r1"));
    topology.send(feedback);
    assertEquals(List.of(), topology.examples());
    assertEquals(
        reason, TopologyFixture.header(topology.deadLetters().getFirst(), "tributary.reason"));
  }
}
