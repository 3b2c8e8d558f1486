package dev.tributary.engine.kernels.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.DenseWeight.Layout;
import dev.tributary.engine.kernels.FastKernelsContractTest;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.RandomTensors;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Beyond what fast kernels promise, what products by oneDNN do, in either precision. */
abstract class OneDnnContractTest extends FastKernelsContractTest {

  private static final double TOLERANCE = 2e-5;
  private static final Kernels JUDGE = new ReferenceKernels();

  private final RandomTensors random = new RandomTensors(23);

  private Tensor factor(int rows, int columns) {
    Tensor tensor = random.tensor(rows, columns);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, rounded(tensor.get(i)));
    }
    return tensor;
  }

  private DenseWeight weight(Layout layout, int in, int out) {
    return layout == Layout.IN_OUT
        ? DenseWeight.inOut(factor(in, out))
        : DenseWeight.outIn(factor(out, in));
  }

  /** To the largest element: small ones are what large ones leave when they cancel. */
  private static void assertClose(Tensor expected, Tensor actual, String what) {
    float largest = 1;
    for (int i = 0; i < expected.rows(); i++) {
      for (int j = 0; j < expected.columns(); j++) {
        largest = Math.max(largest, Math.abs(expected.get(i, j)));
      }
    }
    for (int i = 0; i < expected.rows(); i++) {
      for (int j = 0; j < expected.columns(); j++) {
        assertEquals(expected.get(i, j), actual.get(i, j), TOLERANCE * largest, what);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "IN_OUT, 1, 768, 520",
    "OUT_IN, 1, 131, 1030",
    "IN_OUT, 3, 131, 70",
    "OUT_IN, 4, 768, 520",
    "IN_OUT, 20, 2500, 70",
    "OUT_IN, 37, 1025, 300",
    "IN_OUT, 15, 96, 70",
    "OUT_IN, 53, 131, 67",
    "IN_OUT, 290, 65, 300",
    "OUT_IN, 530, 70, 129",
    "OUT_IN, 20, 66000, 64",
    "OUT_IN, 21, 1031, 4101",
    "IN_OUT, 20, 1031, 1030",
    "OUT_IN, 20, 257, 4200",
    "OUT_IN, 20, 64, 8",
    "IN_OUT, 20, 8, 64"
  })
  void productsAreTheJudges(Layout layout, int n, int in, int out) {
    DenseWeight dense = weight(layout, in, out);
    Weight frozen = kernels().freeze(dense);
    Tensor x = factor(n, in);
    Tensor dy = factor(n, out);
    Tensor bias = random.tensor(1, out);
    for (Weight weight : List.of(dense, frozen)) {
      for (boolean accumulate : new boolean[] {false, true}) {
        String what = weight.getClass().getSimpleName() + " " + accumulate;
        Tensor expected = random.tensor(n, out);
        Tensor actual = random.copy(expected);
        JUDGE.linear(0.5f, x, dense, bias, accumulate, expected);
        kernels().linear(0.5f, x, weight, bias, accumulate, actual);
        assertClose(expected, actual, what);

        Tensor expectedDx = random.tensor(n, in);
        Tensor actualDx = random.copy(expectedDx);
        JUDGE.linearInputGradient(1, dy, dense, accumulate, expectedDx);
        kernels().linearInputGradient(1, dy, weight, accumulate, actualDx);
        assertClose(expectedDx, actualDx, what);
      }
    }
    DenseWeight expected = new DenseWeight(random.copy(dense.values()), layout);
    DenseWeight actual = new DenseWeight(random.copy(dense.values()), layout);
    JUDGE.linearWeightGradient(2, x, dy, expected);
    kernels().linearWeightGradient(2, x, dy, actual);
    assertClose(expected.values(), actual.values(), "weight gradient");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void windowsOnSomeColumnsAreReadAndWrittenInPlace(Layout layout) {
    DenseWeight weight = weight(layout, 100, 72);
    Weight frozen = kernels().freeze(weight);
    Tensor wideX = factor(37, 300);
    Tensor wideY = random.tensor(37, 150);
    Tensor expected = random.copy(wideY);

    JUDGE.linear(1, wideX.columns(100, 100), weight, null, true, expected.columns(33, 72));
    kernels().linear(1, wideX.columns(100, 100), frozen, null, true, wideY.columns(33, 72));
    assertClose(expected, wideY, "y");

    Tensor wideDy = factor(37, 150);
    JUDGE.linearInputGradient(1, wideDy.columns(33, 72), weight, false, wideX.columns(200, 100));
    Tensor expectedX = random.copy(wideX);
    kernels()
        .linearInputGradient(1, wideDy.columns(33, 72), frozen, false, wideX.columns(200, 100));
    assertClose(expectedX, wideX, "dx");

    DenseWeight once = new DenseWeight(random.copy(weight.values()), layout);
    DenseWeight other = new DenseWeight(random.copy(weight.values()), layout);
    Tensor roundedX = random.copy(wideX);
    for (long i = 0; i < roundedX.size(); i++) {
      roundedX.set(i, rounded(roundedX.get(i)));
    }
    JUDGE.linearWeightGradient(1, roundedX.columns(200, 100), wideDy.columns(33, 72), once);
    kernels().linearWeightGradient(1, roundedX.columns(200, 100), wideDy.columns(33, 72), other);
    assertClose(once.values(), other.values(), "dW");
  }

  @Test
  void theNumberOfTokensMayChangeWithEveryBatch() {
    DenseWeight weight = weight(Layout.IN_OUT, 96, 70);
    Weight frozen = kernels().freeze(weight);
    Tensor x = factor(700, 96);
    Tensor expected = random.zeros(700, 70);
    JUDGE.linear(1, x, weight, null, false, expected);
    SplittableRandom sizes = new SplittableRandom(5);
    for (int i = 0; i < 60; i++) {
      int n = i < 40 ? i + 1 : sizes.nextInt(41, 701);
      Tensor y = random.zeros(n, 70);

      kernels().linear(1, x.slice(0, n), frozen, null, false, y);

      assertClose(expected.slice(0, n), y, n + " tokens");
    }
  }

  @Test
  void aFrozenWeightIsItsOwn() {
    DenseWeight weight = weight(Layout.OUT_IN, 80, 90);
    Weight frozen = kernels().freeze(weight);
    Tensor x = factor(7, 80);
    Tensor before = random.zeros(7, 90);
    kernels().linear(1, x, frozen, null, false, before);
    assertEquals(80, frozen.inputs());
    assertEquals(90, frozen.outputs());
    if (frozen == weight) {
      return;
    }

    Tensor kept = random.copy(weight.values());
    weight.values().zero();
    Tensor after = random.zeros(7, 90);
    kernels().linear(1, x, frozen, null, false, after);
    Tensor dx = random.zeros(7, 80);
    kernels().linearInputGradient(1, before, frozen, false, dx);

    assertArrayEquals(before.toArray(), after.toArray());
    Tensor expected = random.zeros(7, 80);
    Tensor roundedBefore = random.copy(before);
    for (long i = 0; i < before.size(); i++) {
      roundedBefore.set(i, rounded(before.get(i)));
    }
    JUDGE.linearInputGradient(1, roundedBefore, DenseWeight.outIn(kept), false, expected);
    assertClose(expected, dx, "dx");
  }

  @Test
  void callersAtTheSameTimeGetTheBytesOfOneAlone() throws Exception {
    Weight frozen = kernels().freeze(weight(Layout.IN_OUT, 512, 1024));
    Tensor x = factor(333, 512);
    Tensor dy = factor(333, 1024);
    Tensor y = random.zeros(333, 1024);
    Tensor dx = random.zeros(333, 512);
    Tensor dw = random.zeros(512, 1024);
    kernels().linear(1, x, frozen, null, false, y);
    kernels().linearInputGradient(1, dy, frozen, false, dx);
    kernels().linearWeightGradient(1, x, dy, DenseWeight.inOut(dw));
    List<Future<?>> results = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 12; i++) {
        results.add(
            callers.submit(
                () -> {
                  RandomTensors own = new RandomTensors(0);
                  Tensor ownY = own.zeros(333, 1024);
                  Tensor ownDx = own.zeros(333, 512);
                  Tensor ownDw = own.zeros(512, 1024);
                  kernels().linear(1, x, frozen, null, false, ownY);
                  kernels().linearInputGradient(1, dy, frozen, false, ownDx);
                  kernels().linearWeightGradient(1, x, dy, DenseWeight.inOut(ownDw));
                  assertArrayEquals(y.toArray(), ownY.toArray());
                  assertArrayEquals(dx.toArray(), ownDx.toArray());
                  assertArrayEquals(dw.toArray(), ownDw.toArray());
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
  }

  @Test
  void inTheSteadyStateNoArrayIsAllocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Kernels alone = oneThread();
    DenseWeight dense = weight(Layout.IN_OUT, 96, 70);
    Weight frozen = alone.freeze(dense);
    Tensor x = factor(50, 96);
    Tensor y = random.zeros(50, 70);
    // Alone in its process it is nothing. After hundreds of other tests the compiler may leave an
    // object or two for the task of a product in place; a vector or a matrix would be far larger.
    long limit = 256;
    // Interpreted code boxes vectors; so repeat until it is compiled.
    long allocated = Long.MAX_VALUE;
    for (int i = 0; i < 20_000 && allocated > limit; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      alone.linear(1, x, frozen, null, false, y);
      alone.linearInputGradient(1, y, frozen, false, x);
      alone.linear(1, x, dense, null, false, y);
      alone.linearWeightGradient(1, x, y, dense);
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }

    assertTrue(allocated <= limit, allocated + " bytes");
  }

  @Test
  void saysThreadsAndLibrary() {
    assertTrue(oneThread().description().contains("oneDNN"));
    assertTrue(oneThread().description().contains("1 threads"));
  }
}
