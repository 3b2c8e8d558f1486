package dev.tributary.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.trainer.lineage.Progress;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** No silent reset: training goes on where it stopped, or does not go on. */
class StartingPointTest {

  private static final String TOPIC = "tributary.examples";
  private static final InputIdentity HERE = new InputIdentity("cluster", TOPIC, "id-1");
  private static final long NONE = Long.MAX_VALUE;

  private final StartingPoint start =
      new StartingPoint(HERE, new TopicPartition(TOPIC, 0), 10, 100);

  @Test
  void nothingWasEverTrainedSoFromTheBeginning() {
    assertEquals(new ResumePoint(HERE, 10, 10, 0), start.choose(null, List.of(), 0, NONE));
  }

  @Test
  void committedOffsetIsWhereReadingResumes() {
    ResumePoint committed = new ResumePoint(HERE, 40, 55, 2);
    assertEquals(
        committed,
        start.choose(committed.toCommit(), List.of(at(HERE, 30), at(HERE, 38)), 2, NONE));
  }

  @Test
  void withoutCommittedOffsetTheLowestOfTheCheckpointsIsSafe() {
    assertEquals(
        new ResumePoint(HERE, 30, 30, 2),
        start.choose(null, List.of(at(HERE, 38), at(HERE, 30)), 2, NONE));
  }

  @Test
  void offsetThatSomeoneElseSetIsNotUsed() {
    assertEquals(
        30, start.choose(new OffsetAndMetadata(90), List.of(at(HERE, 30)), 1, NONE).resume());
  }

  @Test
  void olderCheckpointIsReadFromItsOwnOffsetAndDeadLettersAreNotRepeated() {
    ResumePoint committed = new ResumePoint(HERE, 40, 55, 2);
    assertEquals(
        new ResumePoint(HERE, 20, 55, 2),
        start.choose(committed.toCommit(), List.of(at(HERE, 30)), 2, 20));
  }

  @Test
  void deletedRecordsStopTraining() {
    refused("9 records were deleted", new ResumePoint(HERE, 1, 1, 0), List.of(), 0);
  }

  @Test
  void logThatIsBehindStopsTraining() {
    refused("lost records", new ResumePoint(HERE, 101, 101, 0), List.of(), 0);
  }

  @Test
  void recreatedTopicStopsTraining() {
    InputIdentity old = new InputIdentity("cluster", TOPIC, "id-0");
    refused("made again", new ResumePoint(old, 20, 20, 0), List.of(), 0);
    refused("made again", new ResumePoint(HERE, 20, 20, 1), List.of(at(old, 20)), 1);
  }

  @Test
  void otherClusterStopsTraining() {
    InputIdentity other = new InputIdentity("elsewhere", TOPIC, "id-1");
    refused("elsewhere", new ResumePoint(other, 20, 20, 0), List.of(), 0);
  }

  @Test
  void lostPointersStopTraining() {
    refused("only 1", new ResumePoint(HERE, 40, 40, 2), List.of(at(HERE, 30)), 1);
  }

  @Test
  void unreadableCheckpointWithoutCommittedOffsetStopsTraining() {
    assertThrows(ConfigException.class, () -> start.choose(null, List.of(at(HERE, 30)), 2, NONE));
  }

  @Test
  void resumePointSurvivesTheCommit() {
    ResumePoint point = new ResumePoint(HERE, 40, 55, 2);
    assertEquals(point, ResumePoint.of(TOPIC, point.toCommit()).orElseThrow());
  }

  private void refused(
      String because, ResumePoint committed, List<Checkpoint> checkpoints, int pointers) {
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> start.choose(committed.toCommit(), checkpoints, pointers, NONE));
    assertTrue(refusal.getMessage().contains(because), refusal::getMessage);
  }

  private static Checkpoint at(InputIdentity input, long resume) {
    return new Checkpoint(
        AdapterId.parse("acme/support"),
        input,
        0,
        resume + 5,
        resume,
        "base",
        Progress.NONE,
        new byte[0],
        new byte[0]);
  }
}
