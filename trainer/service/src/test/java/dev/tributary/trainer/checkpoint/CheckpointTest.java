package dev.tributary.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.trainer.lineage.Progress;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.testing.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

  private static final InputIdentity INPUT =
      new InputIdentity("cluster", "tributary.examples", "topic-id");

  @TempDir Path directory;

  @Test
  void everythingComesBack() throws IOException {
    // given
    Checkpoint checkpoint = checkpoint();
    Path file = Files.write(directory.resolve("checkpoint"), checkpoint.toBytes());

    // when
    Checkpoint read = Checkpoint.read(file);

    // then
    assertEquals(checkpoint.adapter(), read.adapter());
    assertEquals(checkpoint.input(), read.input());
    assertEquals(checkpoint.partition(), read.partition());
    assertEquals(checkpoint.nextOffset(), read.nextOffset());
    assertEquals(checkpoint.resumeOffset(), read.resumeOffset());
    assertEquals(checkpoint.baseModel(), read.baseModel());
    assertEquals(checkpoint.progress(), read.progress());
    assertArrayEquals(checkpoint.memory(), read.memory());
    assertArrayEquals(checkpoint.learner(), read.learner());
    assertArrayEquals(checkpoint.toBytes(), read.toBytes());
  }

  @Test
  void cutOffAnywhereItIsRefused() throws IOException {
    byte[] bytes = checkpoint().toBytes();
    for (int length = 0; length < bytes.length; length++) {
      Path file = Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, length));
      assertTrue(
          assertThrows(CorruptArtifactException.class, () -> Checkpoint.read(file))
              .getMessage()
              .contains("cut"));
    }
  }

  @Test
  void trailingBytesAndOtherFilesAreRefused() throws IOException {
    byte[] bytes = checkpoint().toBytes();
    Path longer = Files.write(directory.resolve("long"), Arrays.copyOf(bytes, bytes.length + 1));
    assertThrows(CorruptArtifactException.class, () -> Checkpoint.read(longer));
    Path other = Files.write(directory.resolve("other"), new byte[1_000]);
    assertThrows(CorruptArtifactException.class, () -> Checkpoint.read(other));
  }

  @Test
  void lyingLengthCostsNoMemory() throws IOException {
    // given a checkpoint whose first text claims to be two gigabytes long
    byte[] bytes = checkpoint().toBytes();
    bytes[8] = 0x7f;
    Path file = Files.write(directory.resolve("lying"), bytes);

    // then
    assertThrows(CorruptArtifactException.class, () -> Checkpoint.read(file));
  }

  private static Checkpoint checkpoint() {
    TrainingItem item = Told.at(5).slice("returns").insteadOf("14 days").item();
    TrainedBatch batch = new TrainedBatch(List.of(item), List.of(item), 2, 1, 30, 12.5, 20);
    Progress progress = Progress.NONE.emitted(3).plus(batch);
    return new Checkpoint(
        AdapterId.parse("acme/support"),
        INPUT,
        2,
        6,
        4,
        "f".repeat(64),
        progress,
        new byte[] {1, 2, 3},
        new byte[] {4, 5});
  }
}
