package dev.tributary.engine.kernels.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowBlocksTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void blocksCoverEveryRowOnceInAFewSizes(int threads) {
    Set<Integer> sizes = new TreeSet<>();
    RowBlocks blocks = new RowBlocks();
    for (int rows = 1; rows <= 5_000; rows++) {
      blocks.cut(rows, threads);
      int next = 0;
      for (int block = 0; block < blocks.count(); block++) {
        assertEquals(next, blocks.from(block));
        assertTrue(blocks.rows(block) > 0);
        next += blocks.rows(block);
        sizes.add(blocks.rows(block));
      }
      assertEquals(rows, next);
    }

    assertTrue(sizes.size() <= 31, sizes.toString());
    assertTrue(sizes.stream().allMatch(size -> size <= RowBlocks.MOST_ROWS));
  }

  @Test
  void aFewThreadsGetEquallyManyBlocks() {
    RowBlocks blocks = new RowBlocks();
    blocks.cut(512, 8);

    assertEquals(8, blocks.count());
    assertEquals(64, blocks.rows(3));
  }

  @ParameterizedTest
  @CsvSource({
    "768, 1, 768",
    "768, 2, 384",
    "768, 16, 384",
    "50257, 2, 25152",
    "8, 2, 64",
    "300, 2, 320",
    "3072, 3, 1024"
  })
  void slicesAreWideAndDivideTheThreads(int columns, int threads, int expected) {
    assertEquals(expected, RowBlocks.sliceColumns(columns, threads));
  }
}
