package dev.tributary.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beyond the contract: agreement with the reference at sizes that threads share. */
class Nd4jKernelsTest extends KernelsContractTest {

  private static final Kernels FAST = Nd4jKernels.create(2);
  private static final Kernels JUDGE = new ReferenceKernels();

  private final RandomTensors random = new RandomTensors(11);

  @Test
  void theSizesHereAreWorthSharing() {
    assertTrue(2203 * 123 >= 2 * Workers.MINIMUM_COST);
    assertTrue(1100 * 257 >= 2 * Workers.MINIMUM_COST);
    assertTrue(515 * 1030 >= 2 * Workers.MINIMUM_COST);
  }

  @Override
  Kernels kernels() {
    return FAST;
  }

  /** An operation that writes to the given tensor. */
  private interface Operation {
    void run(Kernels kernels, Tensor result);
  }

  private void assertAgrees(Tensor start, double tolerance, Operation operation) {
    Tensor expected = random.copy(start);
    Tensor actual = random.copy(start);
    operation.run(JUDGE, expected);
    operation.run(FAST, actual);
    for (long i = 0; i < start.size(); i++) {
      assertEquals(
          expected.get(i),
          actual.get(i),
          tolerance * (1 + Math.abs(expected.get(i))),
          "element " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"IN_OUT", "OUT_IN"})
  void productsAgree(Weight.Layout layout) {
    int in = 131;
    int out = 67;
    Weight weight =
        layout == Weight.Layout.IN_OUT
            ? Weight.inOut(random.tensor(in, out))
            : Weight.outIn(random.tensor(out, in));
    Tensor x = random.tensor(53, in);
    Tensor dy = random.tensor(53, out);

    assertAgrees(dy, 2e-5, (k, y) -> k.linear(0.5f, x, weight, true, y));
    assertAgrees(x, 2e-5, (k, dx) -> k.linearInputGradient(0.5f, dy, weight, true, dx));
    assertAgrees(
        weight.values(),
        2e-5,
        (k, dw) -> k.linearWeightGradient(0.5f, x, dy, new Weight(dw, layout)));
  }

  @ParameterizedTest
  @CsvSource({"IN_OUT, 131, 167", "OUT_IN, 131, 167", "IN_OUT, 515, 1030", "OUT_IN, 515, 1030"})
  void aSingleRowTimesAWeightAgrees(Weight.Layout layout, int in, int out) {
    boolean outIn = layout == Weight.Layout.OUT_IN;
    Weight weight = new Weight(random.tensor(outIn ? out : in, outIn ? in : out), layout);
    Tensor x = random.tensor(1, in);

    assertAgrees(random.tensor(1, out), 3e-5, (k, y) -> k.linear(0.5f, x, weight, true, y));
    assertAgrees(random.tensor(1, out), 3e-5, (k, y) -> k.linear(2, x, weight, false, y));
  }

  @Test
  void sharedElementwiseOperationsAgree() {
    Tensor x = random.tensor(2203, 123);
    Tensor dy = random.tensor(2203, 123);
    Tensor scale = random.tensor(1, 123);
    Tensor statistics = random.zeros(2203, 2);
    JUDGE.layerNorm(x, scale, scale, 1e-5, statistics, random.zeros(2203, 123));

    assertAgrees(x, 1e-6, (k, y) -> k.gelu(x, y));
    assertAgrees(x, 2e-6, (k, dx) -> k.geluGradient(x, dy, dx));
    assertAgrees(x, 1e-6, (k, y) -> k.addBias(scale, y));
    assertAgrees(scale, 1e-4, (k, dBias) -> k.biasGradient(dy, dBias));
    assertAgrees(x, 1e-5, (k, y) -> k.layerNorm(x, scale, scale, 1e-5, random.zeros(2203, 2), y));
    assertAgrees(x, 1e-5, (k, dx) -> k.layerNormInputGradient(x, scale, statistics, dy, dx));
    assertAgrees(
        scale,
        1e-4,
        (k, d) -> k.layerNormParameterGradient(x, statistics, dy, d, random.zeros(1, 123)));
    assertAgrees(x, 1e-6, (k, y) -> k.dropout(x, 0.3, 99, y));
    assertAgrees(x, 1e-6, (k, dx) -> k.dropoutGradient(dy, 0.3, 99, dx));
  }

  @Test
  void attentionOfUnevenSequencesAgrees() {
    int[] starts = {0, 100, 101, 170};
    Tensor qkv = random.tensor(170, 3 * 44);
    Tensor lse = random.zeros(170, 4);
    Tensor out = random.zeros(170, 44);
    Tensor dOut = random.tensor(170, 44);
    JUDGE.attention(qkv, starts, 3, 4, lse, out);

    assertAgrees(out, 1e-5, (k, o) -> k.attention(qkv, starts, 3, 4, random.copy(lse), o));
    assertAgrees(lse, 1e-5, (k, l) -> k.attention(qkv, starts, 3, 4, l, random.copy(out)));
    assertAgrees(qkv, 1e-5, (k, d) -> k.attentionGradient(qkv, starts, 3, 4, lse, out, dOut, d));
  }

  @Test
  void crossEntropyOfALargeVocabularyAgrees() {
    int[] targets = random.indices(30, 10_007);
    double[] weights = DoubleStream.iterate(0.1, w -> w + 0.1).limit(30).toArray();
    double[] judged = new double[30];
    double[] fast = new double[30];
    Tensor logits = random.tensor(30, 10_007);

    assertAgrees(
        logits,
        1e-6,
        (k, l) -> k.crossEntropyGradient(l, targets, weights, 0, k == FAST ? fast : judged));

    assertArrayEquals(judged, fast, 1e-5);
  }

  @Test
  void manyCallersGetWhatOneGets() throws Exception {
    Tensor x = random.tensor(1000, 300);
    Tensor alone = random.zeros(1000, 300);
    FAST.gelu(x, alone);
    List<Future<float[]>> results = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 40; i++) {
        results.add(
            callers.submit(
                () -> {
                  Tensor y = new RandomTensors(0).zeros(1000, 300);
                  FAST.gelu(x, y);
                  return y.toArray();
                }));
      }
      for (Future<float[]> result : results) {
        assertArrayEquals(alone.toArray(), result.get());
      }
    }
  }

  @Test
  void oneThreadGivesTheBytesOfTwo() {
    Kernels single = Nd4jKernels.create(1);
    Tensor x = random.tensor(1100, 257);
    Tensor dy = random.tensor(1100, 257);
    Tensor one = random.zeros(1, 257);
    Tensor two = random.zeros(1, 257);

    single.biasGradient(dy, one);
    FAST.biasGradient(dy, two);
    assertArrayEquals(one.toArray(), two.toArray());

    Tensor oneGelu = random.zeros(1100, 257);
    Tensor twoGelu = random.zeros(1100, 257);
    single.geluGradient(x, dy, oneGelu);
    FAST.geluGradient(x, dy, twoGelu);
    assertArrayEquals(oneGelu.toArray(), twoGelu.toArray());
  }
}
