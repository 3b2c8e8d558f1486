package dev.tributary.engine.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkersTest {

  private static final int COUNT = 100;
  private static final int OPERATIONS = 20_000;

  private final Workers workers = new Workers(3);

  @Test
  void everyIndexIsRunOnceHoweverFastOneOperationFollowsAnother() {
    AtomicIntegerArray runs = new AtomicIntegerArray(COUNT);
    Workers.Task count = (from, to) -> countAll(runs, from, to);

    for (int i = 0; i < OPERATIONS; i++) {
      workers.forEach(COUNT, Workers.MINIMUM_COST, count);
    }

    assertRuns(OPERATIONS, runs);
  }

  @Test
  void everyIndexIsRunOnceWhenThreadsSleep() throws InterruptedException {
    AtomicIntegerArray runs = new AtomicIntegerArray(COUNT);
    Workers.Task count = (from, to) -> countAll(runs, from, to);

    for (int i = 0; i < 50; i++) {
      Thread.sleep(1);
      workers.forEach(COUNT, Workers.MINIMUM_COST, count);
    }

    assertRuns(50, runs);
  }

  @Test
  void failureOfAnyPartReachesTheCallerAndThreadsGoOn() {
    AtomicIntegerArray runs = new AtomicIntegerArray(COUNT);
    for (int i = 0; i < COUNT; i++) {
      int failing = i;
      Workers.Task fail =
          (from, to) -> {
            if (from <= failing && failing < to) {
              throw new IllegalStateException("index " + failing);
            }
          };

      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () -> workers.forEach(COUNT, Workers.MINIMUM_COST, fail));

      assertEquals("index " + failing, thrown.getMessage());
    }

    workers.forEach(COUNT, Workers.MINIMUM_COST, (from, to) -> countAll(runs, from, to));

    assertRuns(1, runs);
  }

  private static void countAll(AtomicIntegerArray runs, int from, int to) {
    for (int i = from; i < to; i++) {
      runs.incrementAndGet(i);
    }
  }

  private static void assertRuns(int each, AtomicIntegerArray runs) {
    int[] expected = new int[COUNT];
    Arrays.fill(expected, each);
    int[] actual = new int[COUNT];
    Arrays.setAll(actual, runs::get);
    assertArrayEquals(expected, actual);
  }
}
