package dev.tributary.ingest.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.ingest.trail.RecordTrail.Example;
import dev.tributary.ingest.trail.RecordTrail.Served;
import dev.tributary.ingest.trail.RecordTrail.Trained;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.Verdict;
import dev.tributary.schemas.topics.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrailTest {

  private static final String ADAPTER = "acme/support";
  private static final String TOPIC = Topics.FEEDBACK.name();
  private static final Instant TIME = Instant.parse("2026-01-15T12:00:00Z");

  private final Trail trail = new Trail(100);
  private int seconds;

  @Test
  void anExampleIsQueuedUntilACheckpointLiesBehindIt() {
    // given
    write("f1", 5, example("f1", "How long?", "45 days."));
    assertEquals(RecordStatus.QUEUED, find("f1").status());
    assertEquals(new Example("example of f1", 2, 5), find("f1").example());
    assertEquals(false, find("f1").heldOut());

    // when
    trail.add(checkpoint(5, 10));
    assertEquals(RecordStatus.QUEUED, find("f1").status());
    trail.add(checkpoint(6, 12));
    trail.add(checkpoint(9, 20));

    // then
    assertEquals(RecordStatus.TRAINED, find("f1").status());
    assertEquals(new Trained(null, 12, null), find("f1").trained());
    assertNull(find("f1").verdict());
  }

  @ParameterizedTest
  @CsvSource({
    "GATED, INCONCLUSIVE, UNDECIDED",
    "GATED, FAILED, REFUSED",
    "GATED, PASSED, TRAINED",
    "PUBLISHED, PASSED, TRAINED",
    "ACTIVE, PASSED, SERVED",
    "ROLLED_BACK, PASSED, REFUSED",
    "RETIRED, INCONCLUSIVE, REFUSED"
  })
  void theNewestVersionThatContainsItSaysWhereItStands(
      ReleaseState state, Verdict verdict, RecordStatus status) {
    // given
    write("f1", 5, example("f1", "How long?", "45 days."));

    // when
    trail.add(line(1, 5, ReleaseState.GATED, Verdict.FAILED));
    trail.add(line(2, 6, ReleaseState.GATED, Verdict.FAILED));
    trail.add(line(3, 8, state, verdict));

    // then
    RecordTrail found = find("f1");
    assertEquals(status, found.status());
    assertEquals(2, found.trained().version());
    assertTrue(found.trained().learnt());
    assertEquals("acme.support@v3", found.verdict().version());
    assertEquals(List.of("because"), found.verdict().reasons());
    assertTrue(found.advice().waitsFor().endsWith("."), found.advice().waitsFor());
    assertTrue(found.advice().whatToDo().endsWith("."), found.advice().whatToDo());
  }

  @Test
  void servedSinceTheFirstVersionThatContainsItBecameActive() {
    // given
    write("f1", 5, example("f1", "How long?", "45 days."));

    // when
    trail.add(line(1, 6, ReleaseState.ACTIVE, Verdict.PASSED));
    Instant since = TIME.plusSeconds(seconds);
    trail.add(line(1, 6, ReleaseState.RETIRED, Verdict.PASSED));
    trail.add(line(2, 9, ReleaseState.ACTIVE, Verdict.PASSED));
    trail.add(line(3, 12, ReleaseState.GATED, Verdict.FAILED));

    // then
    assertEquals(RecordStatus.SERVED, find("f1").status());
    assertEquals(new Served("acme.support@v2", since), find("f1").served());

    // and no longer once a version without it answers
    trail.add(line(2, 9, ReleaseState.ROLLED_BACK, Verdict.PASSED));
    assertNull(find("f1").served());
    assertEquals(RecordStatus.REFUSED, find("f1").status());
  }

  @Test
  void whatWasNotLearntIsNotServed() {
    // given
    write("f1", 5, example("f1", "How long?", "45 days."));
    write("f2", 6, example("f2", "How much?", "4 euros."));

    // when
    trail.add(
        AdapterRelease.newBuilder(line(1, 7, ReleaseState.ACTIVE, Verdict.PASSED))
            .setNotLearnt(List.of("f1"))
            .build());

    // then
    assertFalse(find("f1").trained().learnt());
    assertEquals(RecordStatus.REFUSED, find("f1").status());
    assertEquals(Advice.notLearnt(), find("f1").advice());
    assertEquals(RecordStatus.SERVED, find("f2").status());
  }

  @Test
  void aVersionOfAnotherAdapterOrPartitionContainsNothingOfIt() {
    // given
    write("f1", 5, example("f1", "How long?", "45 days."));

    // when
    trail.add(
        AdapterRelease.newBuilder(line(1, 9, ReleaseState.ACTIVE, Verdict.PASSED))
            .setAdapter("acme/sales")
            .build());
    trail.add(
        AdapterRelease.newBuilder(line(1, 9, ReleaseState.ACTIVE, Verdict.PASSED))
            .setPosition(new PartitionOffset(Topics.EXAMPLES.name(), "id", 0, 9L))
            .build());
    trail.add(
        AdapterRelease.newBuilder(line(2, 9, ReleaseState.ACTIVE, Verdict.PASSED))
            .setPosition(null)
            .build());

    // then
    assertEquals(RecordStatus.QUEUED, find("f1").status());
  }

  @ParameterizedTest
  @CsvSource({
    "0, how long, 60 days., TRUSTED, REPLACED",
    "0, How long?, 45  DAYS., TRUSTED, QUEUED",
    "0, How long?, 60 days., CORROBORATED, QUEUED",
    "-1, How long?, 60 days., TRUSTED, QUEUED",
    "1, Another?, 60 days., TRUSTED, QUEUED"
  })
  void aNewerTrustedAnswerToItsQuestionReplacesIt(
      int secondsLater, String question, String answer, Trust trust, RecordStatus status) {
    // given
    write("f1", 5, example("f1", "How long?", "45 days."));

    // when
    write(
        "f2",
        6,
        example("f2", question, answer)
            .setTrust(trust)
            .setEventTime(TIME.plusSeconds(secondsLater)));

    // then
    assertEquals(status, find("f1").status());
  }

  @Test
  void aNewerAnswerUnderItsFactKeyReplacesIt() {
    // when
    write("f1", 5, example("f1", "How long?", "45 days.").setFactKey("returns"));
    write("f2", 6, example("f2", "Until when?", "60 days.").setFactKey("returns"));

    // then
    assertEquals(RecordStatus.REPLACED, find("f1").status());
  }

  @Test
  void heldOutRecordsSayThatTheyAreMeasuredOn() {
    // when
    trail.add(example("f1", "How long?", "45 days.").build(), new LogPlace(2, 5, TIME), true);
    trail.add(checkpoint(9, 20));

    // then
    assertEquals(RecordStatus.HELD_OUT, find("f1").status());
    assertEquals(true, find("f1").heldOut());
    assertNull(find("f1").trained());
  }

  @Test
  void aThumbAloneTeachesNothing() {
    // when
    write("f1", 5, example("f1", "How long?", "45 days.").setKind(ExampleKind.BINARY));
    trail.add(checkpoint(9, 20));

    // then
    assertEquals(RecordStatus.NO_EXAMPLE, find("f1").status());
    assertNull(find("f1").heldOut());
    assertNull(find("f1").trained());
  }

  @Test
  void onlyTheNewestRecordsAreKnown() {
    // when
    for (int i = 0; i < 150; i++) {
      write("f" + i, i, example("f" + i, "Question " + i, "45 days."));
    }

    // then
    assertEquals(Optional.empty(), trail.find(TOPIC, "f49"));
    assertEquals(RecordStatus.QUEUED, find("f50").status());
    assertEquals(Optional.empty(), trail.find(Topics.INSTRUCTIONS.name(), "f149"));
  }

  private RecordTrail find(String recordId) {
    return trail.find(TOPIC, recordId).orElseThrow();
  }

  private void write(String recordId, long offset, TrainingExample.Builder example) {
    trail.add(example.build(), new LogPlace(2, offset, TIME), false);
  }

  private static TrainingExample.Builder example(String recordId, String question, String answer) {
    return TrainingExample.newBuilder()
        .setExampleId("example of " + recordId)
        .setAdapter(ADAPTER)
        .setKind(ExampleKind.SUPERVISED)
        .setMessages(List.of(new ChatMessage("user", question, null)))
        .setCompletion(answer)
        .setSource(FeedbackSource.AGENT)
        .setTrust(Trust.TRUSTED)
        .setOrigin(new Origin(TOPIC, recordId, "r1", List.of(recordId)))
        .setEventTime(TIME)
        .setIngestTime(TIME);
  }

  private static CheckpointPointer checkpoint(long offset, long step) {
    return CheckpointPointer.newBuilder()
        .setAdapter(ADAPTER)
        .setContentHash("hash")
        .setStep(step)
        .setVersion(0)
        .setClusterId("cluster")
        .setPosition(position(offset))
        .setExamplesTrained(1L)
        .setTokensTrained(1L)
        .setBaseModel("base")
        .setBaseModelHash("hash")
        .setCreatedAt(TIME)
        .build();
  }

  private AdapterRelease line(int version, long offset, ReleaseState state, Verdict verdict) {
    return AdapterRelease.newBuilder()
        .setAdapter(ADAPTER)
        .setVersion(version)
        .setName("acme.support@v" + version)
        .setState(state)
        .setVerdict(verdict)
        .setReasons(List.of("because"))
        .setContentHash("hash")
        .setBaseModel("base")
        .setBaseModelHash("hash")
        .setPosition(position(offset))
        .setOldestIngestTime(TIME)
        .setNewestIngestTime(TIME)
        .setCandidateTime(TIME)
        .setActor("gate")
        .setEventTime(TIME.plusSeconds(++seconds))
        .build();
  }

  private static PartitionOffset position(long offset) {
    return new PartitionOffset(Topics.EXAMPLES.name(), "id", 2, offset);
  }
}
