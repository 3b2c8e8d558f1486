package dev.tributary.trainer.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.testing.Told;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PartitionPackerTest {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");
  private static final AdapterId SALES = AdapterId.parse("acme/sales");

  private final PartitionPacker packer = new PartitionPacker(new BatchLimits(10, 4, 100));

  @Test
  void exampleThatFillsTheTokensClosesTheBatch() {
    assertEquals(Optional.empty(), packer.add(SUPPORT, item(0, 1_000, 6)));
    MicroBatch batch = packer.add(SUPPORT, item(1, 1_000, 4)).orElseThrow();
    assertEquals(2, batch.items().size());
    assertEquals(10, batch.tokenCount());
    assertEquals(0, batch.firstOffset());
    assertEquals(2, batch.nextOffset());
    assertEquals(OptionalLong.empty(), packer.firstOffset());
  }

  @Test
  void exampleThatDoesNotFitClosesTheBatchBeforeIt() {
    packer.add(SUPPORT, item(0, 1_000, 6));
    TrainingItem tooMuch = item(1, 1_000, 5);
    assertEquals(1, packer.makeRoom(SUPPORT, tooMuch).orElseThrow().items().size());
    assertEquals(Optional.empty(), packer.makeRoom(SUPPORT, tooMuch));
    assertEquals(Optional.empty(), packer.add(SUPPORT, tooMuch));
    assertEquals(OptionalLong.of(1), packer.firstOffset());
  }

  @Test
  void addingWithoutRoomIsAMistake() {
    packer.add(SUPPORT, item(0, 1_000, 6));
    assertThrows(IllegalStateException.class, () -> packer.add(SUPPORT, item(1, 1_000, 5)));
  }

  @Test
  void lastRecordOfTheBudgetClosesTheBatch() {
    for (int i = 0; i < 3; i++) {
      assertEquals(Optional.empty(), packer.add(SUPPORT, item(i, 1_000, 1)));
    }
    assertEquals(4, packer.add(SUPPORT, item(3, 1_000, 1)).orElseThrow().items().size());
  }

  @Test
  void exampleLargerThanTheBudgetStandsAlone() {
    assertEquals(1, packer.add(SUPPORT, item(0, 1_000, 11)).orElseThrow().items().size());
  }

  @Test
  void adaptersDoNotShareBatches() {
    packer.add(SUPPORT, item(5, 1_000, 6));
    packer.add(SALES, item(6, 1_000, 6));
    assertEquals(OptionalLong.of(5), packer.firstOffset());
    assertEquals(SUPPORT, packer.close(SUPPORT).adapter());
    assertEquals(OptionalLong.of(6), packer.firstOffset());
    assertEquals(1, packer.pending(SALES));
    assertEquals(0, packer.pending(SUPPORT));
  }

  @Test
  void lingerCountsFromTheFirstExample() {
    packer.add(SUPPORT, item(0, 1_050, 1));
    packer.add(SALES, item(1, 1_020, 1));
    packer.add(SALES, item(2, 1_090, 1));
    assertEquals(Optional.of(Deadline.closeBatch(1_120, SALES)), packer.earliestDeadline());
  }

  @Test
  void bulkKeepsABatchOpen() {
    PartitionPacker roomy = new PartitionPacker(new BatchLimits(10_000, 10_000, 100));
    for (int i = 0; i < OpenBatch.BULK; i++) {
      roomy.add(SUPPORT, item(i, 1_000 + i, 1));
    }
    assertEquals(Optional.of(Deadline.closeBatch(1_100, SUPPORT)), roomy.earliestDeadline());
    roomy.add(SUPPORT, item(OpenBatch.BULK, 1_070, 1));
    assertEquals(Optional.of(Deadline.closeBatch(1_170, SUPPORT)), roomy.earliestDeadline());
  }

  @Test
  void bulkThatGoesOnForeverDoesNot() {
    PartitionPacker roomy = new PartitionPacker(new BatchLimits(10_000, 10_000, 100));
    for (int i = 0; i < 1_000; i++) {
      roomy.add(SUPPORT, item(i, 1_000 + i, 1));
    }
    assertEquals(Optional.of(Deadline.closeBatch(2_092, SUPPORT)), roomy.earliestDeadline());
    for (int i = 1_000; i < 3_200; i++) {
      roomy.add(SUPPORT, item(i, 1_000 + i, 1));
    }
    assertEquals(Optional.of(Deadline.closeBatch(4_200, SUPPORT)), roomy.earliestDeadline());
  }

  @Test
  void equalDeadlinesAreOrderedByAdapterAndBatchesComeBeforeCandidates() {
    packer.add(SUPPORT, item(0, 1_000, 1));
    packer.add(SALES, item(1, 1_000, 1));
    assertEquals(Optional.of(Deadline.closeBatch(1_100, SALES)), packer.earliestDeadline());
    assertEquals(
        -1,
        Integer.signum(
            Deadline.ORDER.compare(
                Deadline.closeBatch(1, SALES), Deadline.emitCandidate(1, SALES))));
  }

  private static TrainingItem item(long offset, long timestamp, int tokens) {
    return Told.at(offset).appended(timestamp).tokens(tokens).item();
  }
}
