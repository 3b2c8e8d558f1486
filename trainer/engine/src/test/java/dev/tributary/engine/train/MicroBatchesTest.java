package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MicroBatchesTest {

  private final MicroBatches cutter = new MicroBatches(10);

  @Test
  void whatFitsIsOnePart() {
    PackedBatch batch = batch(4, 6);

    assertSame(batch, cutter.cut(batch).getFirst());
    assertEquals(1, cutter.cut(batch).size());
  }

  @Test
  void sequencesStayWholeAndInOrder() {
    assertEquals(List.of(List.of(6, 3), List.of(5, 5), List.of(1)), lengths(batch(6, 3, 5, 5, 1)));
  }

  @Test
  void aLongerSequenceIsAPartOfItsOwn() {
    assertEquals(List.of(List.of(2), List.of(17), List.of(3)), lengths(batch(2, 17, 3)));
    assertEquals(17, MicroBatches.mostTokens(cutter.cut(batch(2, 17, 3))));
  }

  @Test
  void earlierBatchesLeaveNothingBehind() {
    cutter.cut(batch(17, 17, 17));

    assertEquals(List.of(List.of(6, 3), List.of(5, 5), List.of(1)), lengths(batch(6, 3, 5, 5, 1)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void thePartsHoldEverythingTheBatchHeld(int seed) {
    PackedBatch batch = batch(new SplittableRandom(seed).ints(9, 1, 14).toArray());

    List<PackedBatch> parts = cutter.cut(batch);

    PackedBatch joined = new PackedBatch(batch.tokenCount(), batch.sequenceCount());
    for (PackedBatch part : parts) {
      for (int s = 0; s < part.sequenceCount(); s++) {
        joined.addFrom(part, s);
      }
    }
    assertArrayEquals(batch.tokens(), joined.tokens());
    assertArrayEquals(batch.labels(), joined.labels());
    assertArrayEquals(batch.tokenTypes(), joined.tokenTypes());
    assertArrayEquals(batch.positions(), joined.positions());
    assertArrayEquals(batch.classLabels(), joined.classLabels());
    assertArrayEquals(batch.sequenceStarts(), joined.sequenceStarts());
    assertEquals(
        batch.supervisedCount(), parts.stream().mapToInt(PackedBatch::supervisedCount).sum());
  }

  private List<List<Integer>> lengths(PackedBatch batch) {
    List<List<Integer>> lengths = new ArrayList<>();
    for (PackedBatch part : cutter.cut(batch)) {
      List<Integer> ofPart = new ArrayList<>();
      for (int s = 0; s < part.sequenceCount(); s++) {
        ofPart.add(part.sequenceStarts()[s + 1] - part.sequenceStarts()[s]);
      }
      lengths.add(ofPart);
    }
    return lengths;
  }

  private static PackedBatch batch(int... lengths) {
    SplittableRandom random = new SplittableRandom(lengths.length);
    return PackedBatch.of(
        Arrays.stream(lengths)
            .mapToObj(
                length ->
                    new TokenizedExample(
                        random.ints(length, 0, 50).toArray(),
                        random.ints(length, 0, 50).map(t -> t < 10 ? -100 : t).toArray(),
                        random.ints(length, 0, 2).toArray(),
                        random.nextInt(3)))
            .toList());
  }
}
