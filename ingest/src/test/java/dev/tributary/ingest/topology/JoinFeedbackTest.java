package dev.tributary.ingest.topology;

import static dev.tributary.ingest.topology.Records.correction;
import static dev.tributary.ingest.topology.Records.interaction;
import static dev.tributary.ingest.topology.Records.thumb;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinFeedbackTest {

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

  @Test
  void joinsFeedbackWithAnEarlierInteraction() {
    // given
    topology.send(interaction("r1"));

    // when
    topology.send(correction("f1", "r1", "Right answer"));

    // then
    TrainingExample example = onlyExample();
    assertEquals(ExampleKind.SUPERVISED, example.getKind());
    assertEquals("Right answer", example.getCompletion());
    assertEquals("Question of r1", example.getMessages().getFirst().getContent());
    assertEquals("r1", example.getOrigin().getRequestId());
    assertEquals(List.of("f1"), example.getOrigin().getFeedbackIds());
    assertEquals(1, topology.count("tributary.feedback.joined", "outcome", "joined"));
  }

  @Test
  void joinsFeedbackThatCameBeforeItsInteraction() {
    // given
    topology.send(thumb("f1", "r1", -1));
    topology.send(correction("f2", "r1", "Right answer"));
    assertEquals(List.of(), topology.examples());
    assertEquals(2, topology.waiting());

    // when
    topology.advance(Duration.ofMinutes(9));
    topology.send(interaction("r1"));

    // then
    assertEquals(
        List.of(ExampleKind.BINARY, ExampleKind.SUPERVISED),
        topology.examples().stream().map(TrainingExample::getKind).toList());
    assertEquals(0, topology.waiting());
  }

  @Test
  void joinsByAnAliasWhicheverComesFirst() {
    // given
    topology.send(thumb("early", "trace-1", 1));
    topology.send(interaction("r1").setAliases(List.of("trace-1", "span-1", "trace-1", "r1")));

    // when
    topology.send(thumb("late", "span-1", 1));
    topology.send(thumb("plain", "r1", 1));

    // then
    List<TrainingExample> examples = topology.examples();
    assertEquals(
        List.of("early", "late", "plain"),
        examples.stream().map(e -> e.getOrigin().getRecordId()).toList());
    assertTrue(examples.stream().allMatch(e -> e.getOrigin().getRequestId().equals("r1")));
  }

  @Test
  void feedbackWithoutInteractionIsADeadLetterWhenTheWindowEnds() {
    // given
    Feedback.Builder orphan = thumb("f1", "nobody", 1);
    topology.send(orphan);

    // when
    topology.advance(Duration.ofMinutes(9));
    assertEquals(List.of(), topology.deadLetters());
    topology.advance(Duration.ofMinutes(2));

    // then
    TestRecord<byte[], byte[]> letter = topology.deadLetters().getFirst();
    assertArrayEquals(topology.encode(Feedback.class, orphan.build()), letter.value());
    assertArrayEquals("nobody".getBytes(), letter.key());
    assertEquals("unmatched", TopologyFixture.header(letter, "tributary.reason"));
    assertEquals("join", TopologyFixture.header(letter, "tributary.stage"));
    assertEquals(Topics.FEEDBACK.name(), TopologyFixture.header(letter, "__streams.errors.topic"));
    assertEquals("0", TopologyFixture.header(letter, "__streams.errors.offset"));
    assertEquals(
        1, topology.count("tributary.deadletters", "stage", "join", "reason", "unmatched"));
    assertEquals(0, topology.waiting());
  }

  @Test
  void anInteractionAfterTheWindowDoesNotBringDeadFeedbackBack() {
    // given
    topology.send(thumb("f1", "r1", 1));
    topology.advance(Duration.ofMinutes(11));

    // when
    topology.send(interaction("r1"));

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(1, topology.deadLetters().size());
  }

  @Test
  void unmatchedFeedbackSentAgainIsJoined() {
    // given
    topology.send(thumb("f1", "r1", 1));
    topology.advance(Duration.ofMinutes(11));
    topology.send(interaction("r1"));

    // when
    topology.send(thumb("f1", "r1", 1));

    // then
    assertEquals("f1", onlyExample().getOrigin().getRecordId());
  }

  @Test
  void interactionsAreForgottenAfterTheRetention() {
    // given
    topology.send(interaction("r1"));
    topology.setClock(Duration.ofHours(50));
    topology.send(interaction("r2"));

    // when
    topology.send(thumb("f1", "r1", 1));
    topology.send(thumb("f2", "r2", 1));

    // then
    assertEquals("f2", onlyExample().getOrigin().getRecordId());
    assertEquals(1, topology.waiting());
  }

  @Test
  void repeatedFeedbackIsCountedOnce() {
    // given
    topology.send(interaction("r1"));

    // when the client tries again, and the gateway stamps a new time
    topology.send(thumb("f1", "r1", 1));
    topology.send(thumb("f1", "r1", 1).setIngestTime(Records.TIME.plusSeconds(3)));

    // then
    assertEquals("f1", onlyExample().getOrigin().getRecordId());
    assertEquals(1, topology.count("tributary.feedback.joined", "outcome", "duplicate"));
  }

  @Test
  void newerFeedbackUnderTheSameIdReplacesTheWaitingOne() {
    // given
    topology.send(correction("f1", "r1", "first thought"));
    topology.send(
        correction("f1", "r1", "second thought").setEventTime(Records.TIME.plusSeconds(1)));

    // when
    topology.send(interaction("r1"));

    // then
    assertEquals("second thought", onlyExample().getCompletion());
    assertEquals(1, topology.count("tributary.feedback.joined", "outcome", "replaced"));
  }

  @Test
  void waitingFeedbackThatNamesAnotherRequestLaterIsMoved() {
    // given
    topology.send(thumb("f1", "r1", 1));
    topology.send(thumb("f1", "r2", 1).setEventTime(Records.TIME.plusSeconds(1)));

    // when
    topology.send(interaction("r1"));
    topology.send(interaction("r2"));

    // then
    assertEquals("r2", onlyExample().getOrigin().getRequestId());
  }

  @Test
  void olderFeedbackUnderTheSameIdIsDroppedAndCounted() {
    // given
    topology.send(interaction("r1"));
    topology.send(
        correction("f1", "r1", "second thought").setEventTime(Records.TIME.plusSeconds(1)));

    // when
    topology.send(correction("f1", "r1", "first thought"));

    // then
    assertEquals("second thought", onlyExample().getCompletion());
    assertEquals(1, topology.count("tributary.feedback.joined", "outcome", "superseded"));
  }

  @Test
  void feedbackCorrectedAfterItsJoinGivesANewExample() {
    // given
    topology.send(interaction("r1"));
    topology.send(correction("f1", "r1", "first thought"));

    // when
    topology.send(
        correction("f1", "r1", "second thought").setEventTime(Records.TIME.plusSeconds(1)));

    // then
    List<TrainingExample> examples = topology.examples();
    assertEquals(
        List.of("first thought", "second thought"),
        examples.stream().map(TrainingExample::getCompletion).toList());
    assertEquals(2, examples.stream().map(TrainingExample::getExampleId).distinct().count());
  }

  @Test
  void theNewestFeedbackCountsAlsoWhenTheClockIsSetBack() {
    // given
    topology.send(interaction("r1"));
    topology.send(thumb("f1", "r1", 1));

    // when
    topology.setClock(Duration.ofMinutes(-3));
    topology.send(thumb("f1", "r1", -1).setEventTime(Records.TIME.plusSeconds(1)));
    topology.send(thumb("f1", "r1", 1));

    // then
    assertEquals(
        List.of(true, false),
        topology.examples().stream().map(TrainingExample::getDesirable).toList());
  }

  @Test
  void aRepeatedInteractionIsCountedAndChangesNothing() {
    // when
    topology.send(interaction("r1"));
    topology.send(interaction("r1").setIngestTime(Records.TIME.plusSeconds(3)));

    // then
    assertEquals(
        1,
        topology.count("tributary.ingest.records", "kind", "interaction", "outcome", "duplicate"));
    assertEquals(List.of(), topology.deadLetters());
  }

  @Test
  void anotherInteractionUnderAKnownRequestIdIsADeadLetter() {
    // given
    topology.send(interaction("r1"));

    // when
    topology.send(interaction("r1").setCompletion("another answer"));

    // then
    assertEquals(
        "request_id_conflict",
        TopologyFixture.header(topology.deadLetters().getFirst(), "tributary.reason"));
  }

  @Test
  void anAliasAlreadyInUseIsCountedAndTheInteractionIsKept() {
    // given
    topology.send(interaction("r1").setAliases(List.of("session")));
    topology.send(interaction("r2").setAliases(List.of("session")));

    // when
    topology.send(thumb("f1", "session", 1));
    topology.send(thumb("f2", "r2", 1));

    // then
    assertEquals(
        List.of("r1", "r2"),
        topology.examples().stream().map(e -> e.getOrigin().getRequestId()).toList());
    assertEquals(
        1,
        topology.count(
            "tributary.ingest.records", "kind", "interaction", "outcome", "alias_conflict"));
  }

  private TrainingExample onlyExample() {
    List<TrainingExample> examples = topology.examples();
    assertEquals(1, examples.size(), examples.toString());
    return examples.getFirst();
  }
}
