package dev.tributary.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.trainer.checkpoint.Checkpoint;
import dev.tributary.trainer.checkpoint.InputIdentity;
import dev.tributary.trainer.checkpoint.PointerHistory;
import dev.tributary.trainer.lineage.Progress;
import dev.tributary.trainer.replay.Memory;
import dev.tributary.trainer.replay.ReplayLimits;
import dev.tributary.trainer.state.StateOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorerTest {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");
  private static final InputIdentity INPUT =
      new InputIdentity("cluster", "tributary.examples", "topic-id");
  private static final ReplayLimits LIMITS = new ReplayLimits(10, 1 << 20);

  @TempDir Path directory;
  private ArtifactStore store;
  private Restorer restorer;

  @BeforeEach
  void create() {
    store = new ArtifactStore(directory);
    restorer =
        new Restorer(store, new SessionFactory(CountingLearners.quick(), LIMITS, 100, 1), INPUT);
  }

  @Test
  void newestCheckpointIsLoaded() {
    PointerHistory history =
        PointerHistory.of(List.of(pointer(10, 1, INPUT), pointer(20, 2, INPUT)));
    Restorer.Restored restored = restorer.restore(0, history);
    AdapterSession session = restored.sessions().getFirst();
    assertEquals(20, session.nextOffset());
    assertEquals(3, session.nextVersion());
    assertEquals(1, restored.newest().size());
    assertEquals(Long.MAX_VALUE, restored.rereadFrom());
    assertTrue(session.hasCheckpoint());
  }

  @Test
  void damagedCheckpointIsReplacedByTheOneBefore() throws IOException {
    // given
    CheckpointPointer old = pointer(10, 1, INPUT);
    CheckpointPointer damaged = pointer(20, 2, INPUT);
    damage(damaged);

    // when
    Restorer.Restored restored = restorer.restore(0, PointerHistory.of(List.of(old, damaged)));

    // then its records are trained again, and no version number is used twice
    AdapterSession session = restored.sessions().getFirst();
    assertEquals(10, session.nextOffset());
    assertEquals(10, restored.rereadFrom());
    assertEquals(3, session.nextVersion());
    assertEquals(List.of(), restored.newest());
    assertTrue(session.isActive());
  }

  @Test
  void withoutAnIntactCheckpointOnlyThatAdapterStops() throws IOException {
    CheckpointPointer damaged = pointer(20, 2, INPUT);
    damage(damaged);
    AdapterSession session =
        restorer.restore(0, PointerHistory.of(List.of(damaged))).sessions().getFirst();
    assertEquals(AdapterSession.State.FAILED, session.state());
    assertEquals(20, session.nextOffset());
    assertTrue(session.reason().contains(damaged.getContentHash()), session.reason());
  }

  @Test
  void otherPartitionsAreLeftAlone() {
    PointerHistory history = PointerHistory.of(List.of(pointer(20, 2, INPUT)));
    assertEquals(List.of(), restorer.restore(1, history).sessions());
    assertEquals(Map.of(SUPPORT, 0), Restorer.elsewhere(1, history));
    assertEquals(Map.of(), Restorer.elsewhere(0, history));
  }

  @Test
  void adapterWhoseExamplesMovedToAnotherPartitionStopsTraining() {
    PartitionSessions sessions =
        new PartitionSessions(
            new SessionFactory(CountingLearners.quick(), LIMITS, 100, 1),
            1,
            Map.of(SUPPORT, 0),
            id -> false);
    assertTrue(
        assertThrows(ConfigException.class, () -> sessions.start(SUPPORT, 5))
            .getMessage()
            .contains("partition 1"));
  }

  @Test
  void checkpointOfAnotherTopicOrModelStopsTraining() {
    InputIdentity other = new InputIdentity("cluster", "tributary.examples", "old-id");
    assertThrows(
        ConfigException.class,
        () -> restorer.restore(0, PointerHistory.of(List.of(pointer(20, 2, other)))));
    CheckpointPointer foreign =
        CheckpointPointer.newBuilder(pointer(20, 2, INPUT)).setBaseModelHash("f00").build();
    assertTrue(
        assertThrows(
                ConfigException.class,
                () -> restorer.restore(0, PointerHistory.of(List.of(foreign))))
            .getMessage()
            .contains("base_model"));
  }

  private void damage(CheckpointPointer pointer) throws IOException {
    Path file = store.open(pointer.getContentHash());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /** Stores a checkpoint and returns its pointer. */
  private CheckpointPointer pointer(long nextOffset, int version, InputIdentity input) {
    StateOutput memory = new StateOutput();
    Memory.fresh(LIMITS, List::of, 100, 1).write(memory);
    ByteArrayOutputStream learner = new ByteArrayOutputStream();
    try {
      CountingLearners.quick().fresh(nextOffset).write(learner);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Checkpoint checkpoint =
        new Checkpoint(
            SUPPORT,
            input,
            0,
            nextOffset,
            nextOffset - 2,
            "0".repeat(64),
            Progress.NONE.emitted(version),
            memory.toByteArray(),
            learner.toByteArray());
    return CheckpointPointer.newBuilder()
        .setAdapter(SUPPORT.toString())
        .setContentHash(store.put(checkpoint.toBytes()))
        .setStep(0)
        .setVersion(version)
        .setClusterId(input.clusterId())
        .setPosition(new PartitionOffset(input.topic(), input.topicId(), 0, nextOffset))
        .setExamplesTrained(0)
        .setTokensTrained(0)
        .setBaseModel("counting")
        .setBaseModelHash("0".repeat(64))
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
