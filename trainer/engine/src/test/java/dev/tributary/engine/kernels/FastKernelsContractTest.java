package dev.tributary.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.kernels.vector.Workers;
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
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What fast implementations must satisfy beyond the contract: agreement with the reference at sizes
 * that threads share, and the same bytes however many threads and callers there are.
 */
public abstract class FastKernelsContractTest extends KernelsContractTest {

  private static final Kernels JUDGE = new ReferenceKernels();

  private final RandomTensors random = new RandomTensors(11);

  @Test
  void theSizesHereAreWorthSharing() {
    assertTrue(2203 * 123 >= 2 * Workers.MINIMUM_COST);
    assertTrue(1100 * 257 >= 2 * Workers.MINIMUM_COST);
    assertTrue(515 * 1030 >= 2 * Workers.MINIMUM_COST);
  }

  /** The same kernels as {@link #kernels()}, which have two threads, on one. */
  protected abstract Kernels oneThread();

  /**
   * A factor of a product as these kernels see it. Given such, they must agree with the judge as if
   * they rounded nothing: what is left is the order of the sums.
   */
  protected float rounded(float value) {
    return value;
  }

  private Tensor factor(int rows, int columns) {
    Tensor factor = random.tensor(rows, columns);
    for (long i = 0; i < factor.size(); i++) {
      factor.set(i, rounded(factor.get(i)));
    }
    return factor;
  }

  /** An operation that writes to the given tensor. */
  private interface Operation {
    void run(Kernels kernels, Tensor result);
  }

  private void assertAgrees(Tensor start, double tolerance, Operation operation) {
    Tensor expected = random.copy(start);
    Tensor actual = random.copy(start);
    operation.run(JUDGE, expected);
    operation.run(kernels(), actual);
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
  void productsAgree(DenseWeight.Layout layout) {
    int in = 131;
    int out = 67;
    DenseWeight weight =
        layout == DenseWeight.Layout.IN_OUT
            ? DenseWeight.inOut(factor(in, out))
            : DenseWeight.outIn(factor(out, in));
    Tensor x = factor(53, in);
    Tensor dy = factor(53, out);
    Tensor bias = random.tensor(1, out);

    assertAgrees(dy, 2e-5, (k, y) -> k.linear(0.5f, x, weight, bias, true, y));
    assertAgrees(x, 2e-5, (k, dx) -> k.linearInputGradient(0.5f, dy, weight, true, dx));
    assertAgrees(
        weight.values(),
        2e-5,
        (k, dw) -> k.linearWeightGradient(0.5f, x, dy, new DenseWeight(dw, layout)));
  }

  @ParameterizedTest
  @CsvSource({"IN_OUT, 131, 167", "OUT_IN, 131, 167", "IN_OUT, 515, 1030", "OUT_IN, 515, 1030"})
  void aSingleRowTimesAWeightAgrees(DenseWeight.Layout layout, int in, int out) {
    boolean outIn = layout == DenseWeight.Layout.OUT_IN;
    DenseWeight weight = new DenseWeight(factor(outIn ? out : in, outIn ? in : out), layout);
    Tensor x = factor(1, in);
    Tensor bias = random.tensor(1, out);

    assertAgrees(random.tensor(1, out), 3e-5, (k, y) -> k.linear(0.5f, x, weight, bias, true, y));
    assertAgrees(random.tensor(1, out), 3e-5, (k, y) -> k.linear(2, x, weight, bias, false, y));
  }

  @Test
  void sharedElementwiseOperationsAgree() {
    Tensor x = random.tensor(2203, 123);
    Tensor dy = random.tensor(2203, 123);
    Tensor scale = random.tensor(1, 123);
    int[] rows = random.indices(2203, 2203);

    assertAgrees(scale, 1e-4, (k, dBias) -> k.biasGradient(dy, dBias));
    assertAgrees(x, 1e-6, (k, y) -> k.dropout(x, 0.3, 99, y));
    assertAgrees(x, 1e-6, (k, dx) -> k.dropoutGradient(dy, 0.3, 99, dx));
    assertAgrees(x, 1e-6, (k, y) -> k.embed(rows, dy, true, y));
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activationsAgree(Activation activation) {
    Tensor x = random.tensor(2203, 123);
    for (long i = 0; i < x.size(); i++) {
      x.set(i, 12 * x.get(i));
    }
    Tensor dy = random.tensor(2203, 123);
    Tensor gateUp = random.tensor(1101, 2 * 123);
    Tensor dGated = random.tensor(1101, 123);

    assertAgrees(x, 1e-6, (k, y) -> k.activate(activation, x, y));
    assertAgrees(x, 2e-6, (k, dx) -> k.activationGradient(activation, x, dy, dx));
    assertAgrees(dGated, 1e-6, (k, y) -> k.gate(activation, gateUp, y));
    assertAgrees(gateUp, 2e-6, (k, d) -> k.gateGradient(activation, gateUp, dGated, d));
  }

  @ParameterizedTest
  @CsvSource({"1, true", "3, true", "1, false", "3, false"})
  void normsAgree(int groups, boolean centred) {
    int size = 123 / groups;
    Tensor x = random.tensor(2203, groups * size);
    Tensor dy = random.tensor(2203, groups * size);
    Norm norm = new Norm(random.tensor(1, size), centred ? random.tensor(1, size) : null, 1e-5);
    Tensor statistics = random.zeros(2203, 2 * groups);
    JUDGE.norm(norm, x, statistics, random.copy(x));

    assertAgrees(statistics, 1e-5, (k, s) -> k.norm(norm, x, s, random.copy(x)));
    assertAgrees(x, 1e-5, (k, y) -> k.norm(norm, x, random.copy(statistics), y));
    assertAgrees(x, 1e-5, (k, dx) -> k.normInputGradient(norm, x, statistics, dy, true, dx));
    assertAgrees(x, 1e-5, (k, dx) -> k.normInputGradient(norm, x, statistics, dy, false, dx));
    Tensor gradient = random.zeros(1, size);
    assertAgrees(
        gradient, 2e-4, (k, d) -> k.normParameterGradient(x, statistics, dy, dNorm(d, centred)));
    if (centred) {
      assertAgrees(
          gradient,
          2e-4,
          (k, d) -> k.normParameterGradient(x, statistics, dy, new Norm(random.copy(d), d, 1e-5)));
    }
  }

  private Norm dNorm(Tensor dScale, boolean centred) {
    return new Norm(dScale, centred ? random.copy(dScale) : null, 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"8, 0.1", "16, 0", "3, 0.5", "33, 0.1"})
  void lowRankOperationsAgree(int rank, double rate) {
    int n = 333;
    int in = 517;
    int out = 301;
    Tensor x = random.tensor(n, in);
    Tensor a = random.tensor(rank, in);
    Tensor b = random.tensor(out, rank);
    Tensor hidden = random.tensor(n, rank);
    Tensor dy = random.tensor(n, out);

    assertAgrees(hidden, 2e-5, (k, h) -> k.lowRankDown(x, rate, 7, a, h));
    assertAgrees(dy, 2e-5, (k, y) -> k.lowRankUp(0.5f, hidden, b, y));
    assertAgrees(
        b, 5e-5, (k, dB) -> k.lowRankUpGradient(0.5f, dy, hidden, b, dB, random.zeros(n, rank)));
    assertAgrees(
        hidden,
        2e-5,
        (k, dHidden) -> k.lowRankUpGradient(0.5f, dy, hidden, b, random.zeros(out, rank), dHidden));
    assertAgrees(
        x,
        2e-5,
        (k, dx) -> k.lowRankDownGradient(x, rate, 7, hidden, a, random.zeros(rank, in), dx));
    assertAgrees(a, 5e-5, (k, dA) -> k.lowRankDownGradient(x, rate, 7, hidden, a, dA, null));
  }

  @Test
  void rotationsAgree() {
    double[] frequencies = DoubleStream.iterate(1, f -> f * 0.9).limit(41).toArray();
    RotaryTable table = RotaryTable.of(frequencies, 100);
    int[] positions = random.indices(2203, 100);
    Tensor x = random.tensor(2203, 2 * 82);

    assertAgrees(x, 1e-6, (k, y) -> k.rotate(table, positions, false, y));
    assertAgrees(x, 1e-6, (k, y) -> k.rotate(table, positions, true, y));
  }

  @ParameterizedTest
  @CsvSource({"4, 4, 11, true", "4, 2, 64, true", "6, 2, 33, false", "3, 1, 7, true"})
  void attentionOfUnevenSequencesAgrees(int heads, int kvHeads, int size, boolean causal) {
    AttentionShape shape = new AttentionShape(heads, kvHeads, size, causal);
    int[] starts = {0, 100, 101, 170};
    Tensor qkv = random.tensor(170, shape.width());
    Tensor lse = random.zeros(170, heads);
    Tensor out = random.zeros(170, shape.queryWidth());
    Tensor dOut = random.tensor(170, shape.queryWidth());
    JUDGE.attention(shape, qkv, starts, 3, lse, out);

    assertAgrees(out, 1e-5, (k, o) -> k.attention(shape, qkv, starts, 3, random.copy(lse), o));
    assertAgrees(lse, 1e-5, (k, l) -> k.attention(shape, qkv, starts, 3, l, random.copy(out)));
    assertAgrees(
        qkv, 1e-5, (k, d) -> k.attentionGradient(shape, qkv, starts, 3, lse, out, dOut, d));
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
        (k, l) -> k.crossEntropyGradient(l, targets, weights, 0, k == JUDGE ? judged : fast));

    assertArrayEquals(judged, fast, 1e-5);
  }

  @Test
  void manyCallersGetWhatOneGets() throws Exception {
    Tensor x = random.tensor(1000, 300);
    Tensor alone = random.zeros(1000, 300);
    kernels().activate(Activation.GELU_TANH, x, alone);
    List<Future<float[]>> results = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 40; i++) {
        results.add(
            callers.submit(
                () -> {
                  Tensor y = new RandomTensors(0).zeros(1000, 300);
                  kernels().activate(Activation.GELU_TANH, x, y);
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
    Tensor x = random.tensor(1100, 257);
    Tensor dy = random.tensor(1100, 257);
    Tensor hidden = random.tensor(1100, 8);
    Tensor a = random.tensor(8, 257);
    Tensor b = random.tensor(257, 8);
    AttentionShape shape = new AttentionShape(4, 2, 32, true);
    int[] starts = {0, 500, 601, 1100};
    Tensor qkv = random.tensor(1100, shape.width());
    Tensor lse = random.zeros(1100, 4);
    Tensor out = random.zeros(1100, 128);
    kernels().attention(shape, qkv, starts, 3, lse, out);

    assertSameBytes(random.zeros(1, 257), (k, d) -> k.biasGradient(dy, d));
    assertSameBytes(x, (k, dx) -> k.activationGradient(Activation.GELU, x, dy, dx));
    assertSameBytes(x, (k, dx) -> k.lowRankDownGradient(x, 0.1, 3, hidden, a, random.copy(a), dx));
    assertSameBytes(a, (k, dA) -> k.lowRankDownGradient(x, 0.1, 3, hidden, a, dA, null));
    assertSameBytes(b, (k, dB) -> k.lowRankUpGradient(2, dy, hidden, b, dB, random.copy(hidden)));
    assertSameBytes(qkv, (k, d) -> k.attentionGradient(shape, qkv, starts, 3, lse, out, out, d));
  }

  private void assertSameBytes(Tensor start, Operation operation) {
    Tensor one = random.copy(start);
    Tensor two = random.copy(start);
    operation.run(oneThread(), one);
    operation.run(kernels(), two);
    assertArrayEquals(one.toArray(), two.toArray());
  }
}
