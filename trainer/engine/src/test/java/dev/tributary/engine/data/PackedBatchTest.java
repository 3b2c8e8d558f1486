package dev.tributary.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.BadRecordException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedBatchTest {

  private static final TokenizedExample TWO =
      TokenizedExample.completion(new int[] {7}, new int[] {8});
  private static final TokenizedExample THREE = TokenizedExample.text(new int[] {4, 5, 6});

  @Test
  void laysSequencesOneAfterAnother() {
    PackedBatch batch = PackedBatch.of(List.of(TWO, THREE));
    assertArrayEquals(new int[] {7, 8, 4, 5, 6}, batch.tokens());
    assertArrayEquals(new int[] {0, 1, 0, 1, 2}, batch.positions());
    assertArrayEquals(new int[] {-100, 8, 4, 5, 6}, batch.labels());
    assertArrayEquals(new int[] {0, 2, 5}, batch.sequenceStarts());
    assertEquals(5, batch.tokenCount());
    assertEquals(2, batch.sequenceCount());
    assertEquals(3, batch.supervisedCount(), "the first of each sequence has nothing before it");
  }

  @Test
  void reusesItsArrays() {
    // given
    PackedBatch batch = new PackedBatch(6, 2);
    int[] tokens = batch.tokens();
    assertTrue(batch.add(THREE));
    // when
    batch.clear();
    // then
    assertTrue(batch.isEmpty());
    assertTrue(batch.add(TWO));
    assertSame(tokens, batch.tokens());
    assertEquals(2, batch.tokenCount());
    assertEquals(1, batch.supervisedCount());
    assertEquals(2, batch.sequenceStarts()[1]);
  }

  @Test
  void refusesWhatDoesNotFitAndStaysAsItWas() {
    PackedBatch tokens = new PackedBatch(4, 9);
    assertTrue(tokens.add(THREE));
    assertFalse(tokens.add(TWO));
    assertEquals(3, tokens.tokenCount());
    PackedBatch sequences = new PackedBatch(99, 1);
    assertTrue(sequences.add(TWO));
    assertFalse(sequences.add(TWO));
    assertEquals(1, sequences.sequenceCount());
  }

  @Test
  void refusesExamplesWithoutTokensOrWithOtherLabels() {
    assertThrows(BadRecordException.class, () -> TokenizedExample.text(new int[0]));
    assertThrows(
        BadRecordException.class, () -> new TokenizedExample(new int[] {1, 2}, new int[] {1}));
  }

  @Test
  void keepsTokenTypesAndTheClassOfEachSequence() {
    PackedBatch batch =
        PackedBatch.of(
            List.of(
                TokenizedExample.classified(
                    new int[] {2, 5, 3, 6, 3}, new int[] {0, 0, 0, 1, 1}, 4),
                TokenizedExample.text(new int[] {7, 8})));

    assertArrayEquals(new int[] {0, 0, 0, 1, 1, 0, 0}, batch.tokenTypes());
    assertArrayEquals(new int[] {4, -100}, batch.classLabels());
    assertEquals(2, batch.supervisedCount());
  }
}
