package dev.tributary.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every implementation of {@link Kernels} must satisfy on its own: values known from
 * elsewhere, and gradients equal to central differences of its own forward operations. Shapes are
 * odd on purpose: one row, fewer columns than a vector register, one more.
 */
public abstract class KernelsContractTest {

  private static final double STEP = 1e-2;
  private static final double TOLERANCE = 3e-3;

  private final RandomTensors random = new RandomTensors(7);

  protected abstract Kernels kernels();

  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of(1, 1), Arguments.of(1, 5), Arguments.of(3, 17), Arguments.of(7, 33));
  }

  /** A forward operation whose result is in {@code out}. */
  private interface Forward {
    void run();
  }

  /** The analytic gradient by {@code x} must be the slope of {@code sum(dOut * out)} along x. */
  private void assertGradient(
      String what, Forward forward, Tensor out, Tensor dOut, Tensor x, Tensor analytic) {
    for (long i = 0; i < x.size(); i++) {
      float original = x.get(i);
      x.set(i, (float) (original + STEP));
      double above = weighted(forward, out, dOut);
      double width = x.get(i);
      x.set(i, (float) (original - STEP));
      double below = weighted(forward, out, dOut);
      width -= x.get(i);
      x.set(i, original);
      double numeric = (above - below) / width;
      assertEquals(
          numeric, analytic.get(i), TOLERANCE * (1 + Math.abs(numeric)), what + ", element " + i);
    }
  }

  private static double weighted(Forward forward, Tensor out, Tensor dOut) {
    forward.run();
    double sum = 0;
    for (long i = 0; i < out.size(); i++) {
      sum += (double) out.get(i) * dOut.get(i);
    }
    return sum;
  }

  @Test
  void saysWhatItIs() {
    assertTrue(kernels().name().matches("[a-z0-9-]+"));
    assertTrue(kernels().description().contains("thread"));
  }

  @ParameterizedTest
  @EnumSource(DenseWeight.Layout.class)
  void linearMultipliesByTheWeightInEitherLayout(DenseWeight.Layout layout) {
    // given W = [[1, 2, 3], [4, 5, 6]] from 2 inputs to 3 outputs
    Tensor values =
        layout == DenseWeight.Layout.IN_OUT
            ? filled(2, 3, 1, 2, 3, 4, 5, 6)
            : filled(3, 2, 1, 4, 2, 5, 3, 6);
    DenseWeight weight = new DenseWeight(values, layout);
    Tensor x = filled(2, 2, 1, -1, 2, 0.5f);
    Tensor y = filled(2, 3, 10, 10, 10, 10, 10, 10);

    kernels().linear(2, x, weight, null, true, y);
    assertArrayEquals(new float[] {4, 4, 4, 18, 23, 28}, y.toArray());

    kernels().linear(1, x, weight, null, false, y);
    assertArrayEquals(new float[] {-3, -3, -3, 4, 6.5f, 9}, y.toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "IN_OUT, 1, 1, 1",
    "IN_OUT, 1, 7, 3",
    "IN_OUT, 5, 3, 19",
    "OUT_IN, 1, 4, 9",
    "OUT_IN, 6, 18, 2",
    "OUT_IN, 3, 1, 5"
  })
  void linearGradients(DenseWeight.Layout layout, int n, int in, int out) {
    boolean outIn = layout == DenseWeight.Layout.OUT_IN;
    Tensor x = random.tensor(n, in);
    Tensor values = random.tensor(outIn ? out : in, outIn ? in : out);
    DenseWeight weight = new DenseWeight(values, layout);
    Tensor y = random.zeros(n, out);
    Tensor dy = random.tensor(n, out);
    Tensor dx = random.zeros(n, in);
    DenseWeight dWeight = new DenseWeight(random.zeros(values.rows(), values.columns()), layout);

    kernels().linearInputGradient(1.5f, dy, weight, false, dx);
    kernels().linearWeightGradient(1.5f, x, dy, dWeight);

    Forward forward = () -> kernels().linear(1.5f, x, weight, null, false, y);
    assertGradient("dx", forward, y, dy, x, dx);
    assertGradient("dW", forward, y, dy, values, dWeight.values());
  }

  @Test
  void gradientsOfParametersAndAccumulatedInputsAreAddedToWhatIsThere() {
    Tensor x = random.tensor(3, 5);
    Tensor dy = random.tensor(3, 4);
    DenseWeight weight = DenseWeight.inOut(random.tensor(5, 4));
    Tensor once = random.zeros(3, 5);
    Tensor twice = random.zeros(3, 5);
    DenseWeight dOnce = DenseWeight.inOut(random.zeros(5, 4));
    DenseWeight dTwice = DenseWeight.inOut(random.zeros(5, 4));

    kernels().linearInputGradient(1, dy, weight, false, once);
    kernels().linearInputGradient(1, dy, weight, true, twice);
    kernels().linearInputGradient(1, dy, weight, true, twice);
    kernels().linearWeightGradient(1, x, dy, dOnce);
    kernels().linearWeightGradient(1, x, dy, dTwice);
    kernels().linearWeightGradient(1, x, dy, dTwice);

    assertDoubled(once, twice);
    assertDoubled(dOnce.values(), dTwice.values());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void biasIsAddedToEveryRowAndItsGradientIsTheirSum(int rows, int columns) {
    DenseWeight weight = DenseWeight.inOut(random.tensor(2, columns));
    Tensor x = random.tensor(rows, 2);
    Tensor bias = random.tensor(1, columns);
    Tensor base = random.tensor(rows, columns);
    Tensor without = random.copy(base);
    Tensor y = random.copy(base);
    Tensor dy = random.tensor(rows, columns);
    Tensor dBias = random.zeros(1, columns);

    kernels().linear(1, x, weight, null, true, without);
    kernels().linear(1, x, weight, bias, true, y);
    kernels().biasGradient(dy, dBias);

    for (long i = 0; i < y.size(); i++) {
      assertEquals(without.get(i) + bias.get(i % columns), y.get(i), 1e-6);
    }
    Forward forward = () -> kernels().linear(1, x, weight, bias, false, y);
    assertGradient("dBias", forward, y, dy, bias, dBias);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 7, 2", "5, 33, 3", "9, 18, 5", "70, 6, 8"})
  void lowRankGradients(int n, int in, int rank) {
    double rate = 0.25;
    long key = DropoutMask.key(1, 2, 3);
    Tensor x = random.tensor(n, in);
    Tensor a = random.tensor(rank, in);
    Tensor b = random.tensor(in + 1, rank);
    Tensor hidden = random.zeros(n, rank);
    Tensor y = random.zeros(n, in + 1);
    Tensor dy = random.tensor(n, in + 1);
    Tensor dHidden = random.zeros(n, rank);
    Tensor dA = random.zeros(rank, in);
    Tensor dB = random.zeros(in + 1, rank);
    Tensor dx = random.zeros(n, in);
    Forward forward =
        () -> {
          y.zero();
          kernels().lowRankDown(x, rate, key, a, hidden);
          kernels().lowRankUp(1.5f, hidden, b, y);
        };

    forward.run();
    kernels().lowRankUpGradient(1.5f, dy, hidden, b, dB, dHidden);
    kernels().lowRankDownGradient(x, rate, key, dHidden, a, dA, dx);

    assertGradient("dx", forward, y, dy, x, dx);
    assertGradient("dA", forward, y, dy, a, dA);
    assertGradient("dB", forward, y, dy, b, dB);
  }

  @Test
  void lowRankDropsWhatDropoutDrops() {
    double rate = 0.5;
    Tensor x = random.tensor(5, 19);
    Tensor identity = random.zeros(19, 19);
    for (int i = 0; i < 19; i++) {
      identity.set(i, i, 1);
    }
    Tensor hidden = random.zeros(5, 19);
    Tensor dropped = random.zeros(5, 19);

    kernels().lowRankDown(x, rate, 42, identity, hidden);
    kernels().dropout(x, rate, 42, dropped);

    assertArrayEquals(dropped.toArray(), hidden.toArray(), 1e-6f);
  }

  @Test
  void embeddingsAddUpAndTheirGradientsOverRepeatedTokens() {
    int[] tokens = {2, 0, 2, 2};
    int[] positions = {0, 1, 0, 1};
    Tensor tokenTable = random.tensor(3, 19);
    Tensor positionTable = random.tensor(2, 19);
    Tensor x = random.zeros(4, 19);
    Tensor dx = random.tensor(4, 19);
    Tensor dTokens = random.zeros(3, 19);
    Tensor dPositions = random.zeros(2, 19);
    Forward forward =
        () -> {
          kernels().embed(tokens, tokenTable, false, x);
          kernels().embed(positions, positionTable, true, x);
        };

    kernels().embedGradient(tokens, dx, dTokens);
    kernels().embedGradient(positions, dx, dPositions);

    assertGradient("tokens", forward, x, dx, tokenTable, dTokens);
    assertGradient("positions", forward, x, dx, positionTable, dPositions);
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1", "3, 17, 1", "5, 33, 1", "3, 6, 4", "2, 16, 3"})
  void normGradients(int rows, int size, int groups) {
    for (boolean centred : new boolean[] {true, false}) {
      Tensor x = random.tensor(rows, size * groups);
      Tensor scale = random.tensor(1, size);
      Tensor shift = centred ? random.tensor(1, size) : null;
      // A large epsilon keeps the curvature, and so the error of the differences, small.
      Norm norm = new Norm(scale, shift, 0.1);
      Norm dNorm = new Norm(random.zeros(1, size), centred ? random.zeros(1, size) : null, 0);
      Tensor statistics = random.zeros(rows, 2 * groups);
      Tensor y = random.zeros(rows, size * groups);
      Tensor dy = random.tensor(rows, size * groups);
      Tensor dx = random.copy(dy);
      Forward forward = () -> kernels().norm(norm, x, statistics, y);

      forward.run();
      kernels().normParameterGradient(x, statistics, dy, dNorm);
      kernels().normInputGradient(norm, x, statistics, dx, false, dx);

      assertGradient("dx", forward, y, dy, x, dx);
      assertGradient("dScale", forward, y, dy, scale, dNorm.scale());
      if (centred) {
        assertGradient("dShift", forward, y, dy, shift, dNorm.shiftOrNull());
      }
      Tensor twice = random.copy(dx);
      kernels().normInputGradient(norm, x, statistics, dy, true, twice);
      assertDoubled(dx, twice);
    }
  }

  @Test
  void layerNormHasMeanZeroAndDeviationOneInEachGroup() {
    Tensor x = random.tensor(2, 3 * 37);
    Tensor y = random.zeros(2, 3 * 37);
    Norm norm = new Norm(constant(37, 1), constant(37, 0), 1e-9);

    kernels().norm(norm, x, random.zeros(2, 6), y);

    for (int group = 0; group < 6; group++) {
      double mean = 0;
      double square = 0;
      for (int j = 37 * group; j < 37 * (group + 1); j++) {
        mean += y.get(j) / 37.0;
        square += y.get(j) * y.get(j) / 37.0;
      }
      assertEquals(0, mean, 1e-6);
      assertEquals(1, square, 1e-5);
    }
  }

  @Test
  void rootMeanSquareNormKeepsTheMean() {
    Tensor x = filled(1, 2, 3, -1);
    Tensor statistics = random.zeros(1, 2);
    Tensor y = random.zeros(1, 2);

    kernels().norm(new Norm(filled(1, 2, 2, 1), null, 0), x, statistics, y);

    float root = (float) Math.sqrt(5);
    assertArrayEquals(new float[] {6 / root, -1 / root}, y.toArray(), 1e-6f);
    assertArrayEquals(new float[] {0, 1 / root}, statistics.toArray(), 1e-6f);
  }

  @ParameterizedTest
  @CsvSource({
    "GELU_TANH, 0 -0.0036373920 -0.1588080094 0 0.3457140057 1.9545976400 100",
    "GELU, 0 -0.0040496940 -0.1586552539 0 0.3457312306 1.9544997361 100",
    "SILU, 0 -0.1422776195 -0.2689414214 0 0.3112296656 1.7615941560 100",
    "RELU, 0 0 0 0 0.5 2 100",
    "TANH, -1 -0.9950547537 -0.7615941560 0 0.4621171573 0.9640275801 1"
  })
  void activationsArePyTorchs(Activation activation, String expected) {
    // torch.nn.functional, in float64
    Tensor x = filled(1, 7, -100, -3, -1, 0, 0.5f, 2, 100);
    Tensor y = random.zeros(1, 7);

    kernels().activate(activation, x, y);

    String[] values = expected.split(" ");
    for (int i = 0; i < 7; i++) {
      assertEquals(Float.parseFloat(values[i]), y.get(i), 1e-6, "of " + x.get(i));
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void activationGradients(Activation activation) {
    for (int columns : new int[] {1, 7, 33}) {
      Tensor x = awayFromZero(3, columns);
      Tensor y = random.zeros(3, columns);
      Tensor dy = random.tensor(3, columns);
      Tensor dx = random.copy(dy);

      kernels().activationGradient(activation, x, dx, dx);

      assertGradient("dx", () -> kernels().activate(activation, x, y), y, dy, x, dx);
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  void gateGradients(Activation activation) {
    for (int inner : new int[] {1, 7, 33}) {
      Tensor gateUp = awayFromZero(2, 2 * inner);
      Tensor y = random.zeros(2, inner);
      Tensor dy = random.tensor(2, inner);
      Tensor d = random.copy(gateUp);

      kernels().gateGradient(activation, d, dy, d);

      assertGradient("gateUp", () -> kernels().gate(activation, gateUp, y), y, dy, gateUp, d);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "3, 6", "2, 34", "1, 64"})
  void turningBackIsTheGradientOfTurning(int heads, int headSize) {
    double[] frequencies = new double[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 0.7 / (i + 1);
    }
    RotaryTable table = RotaryTable.of(frequencies, 5);
    int[] positions = {4, 0, 1};
    Tensor x = random.tensor(3, heads * headSize);
    Tensor y = random.zeros(3, heads * headSize);
    Tensor dx = random.tensor(3, heads * headSize);
    Tensor dy = random.copy(dx);
    Forward forward =
        () -> {
          y.copyFrom(x);
          kernels().rotate(table, positions, false, y);
        };

    kernels().rotate(table, positions, true, dx);

    assertGradient("dx", forward, y, dy, x, dx);
    forward.run();
    // position 0 turns nothing, and element 0 is paired with the middle one
    assertArrayEquals(x.slice(1, 1).toArray(), y.slice(1, 1).toArray());
    double middle = x.get(2, headSize / 2);
    assertEquals(x.get(2, 0) * Math.cos(0.7) - middle * Math.sin(0.7), y.get(2, 0), 1e-6);
  }

  static Stream<Arguments> attentionShapes() {
    return Stream.of(
        Arguments.of(new AttentionShape(1, 1, 3, true), 1),
        Arguments.of(new AttentionShape(2, 2, 5, true), 2),
        Arguments.of(new AttentionShape(1, 1, 17, false), 3),
        Arguments.of(new AttentionShape(4, 2, 2, true), 3),
        Arguments.of(new AttentionShape(3, 1, 1, false), 2),
        Arguments.of(new AttentionShape(6, 2, 33, true), 2));
  }

  @ParameterizedTest
  @MethodSource("attentionShapes")
  void attentionGradients(AttentionShape shape, int sequences) {
    int[] starts = {0, 1, 6, 8};
    int n = starts[sequences];
    Tensor qkv = random.tensor(n, shape.width());
    Tensor lse = random.zeros(n, shape.heads());
    Tensor out = random.zeros(n, shape.queryWidth());
    Tensor dOut = random.tensor(n, shape.queryWidth());
    Tensor dQkv = random.tensor(n, shape.width());
    Forward forward = () -> kernels().attention(shape, qkv, starts, sequences, lse, out);

    forward.run();
    kernels().attentionGradient(shape, qkv, starts, sequences, lse, out, dOut, dQkv);

    assertGradient("dQkv", forward, out, dOut, qkv, dQkv);
  }

  @Test
  void aTokenSeesItselfAndWhatCameBeforeInItsOwnSequenceOnly() {
    AttentionShape shape = new AttentionShape(2, 2, 3, true);
    int width = 6;
    int[] starts = {0, 3, 5};
    Tensor qkv = random.tensor(5, 3 * width);
    Tensor lse = random.zeros(5, 2);
    Tensor before = random.zeros(5, width);
    Tensor after = random.zeros(5, width);
    kernels().attention(shape, qkv, starts, 2, lse, before);

    // when keys and values of row 2 change
    for (int j = width; j < 3 * width; j++) {
      qkv.set(2, j, qkv.get(2, j) + 1);
    }
    kernels().attention(shape, qkv, starts, 2, lse, after);

    // then rows 0, 1 (earlier) and 3, 4 (another sequence) do not
    for (int row : List.of(0, 1, 3, 4)) {
      assertArrayEquals(before.slice(row, 1).toArray(), after.slice(row, 1).toArray());
    }
    assertTrue(before.get(2, 0) != after.get(2, 0));
    // and the first of a sequence attends to its own value alone
    for (int j = 0; j < width; j++) {
      assertEquals(qkv.get(3, 2 * width + j), after.get(3, j), 1e-6);
    }
  }

  @Test
  void withoutCausalityATokenSeesItsWholeSequence() {
    // given queries of zero, so that all keys weigh the same
    AttentionShape shape = new AttentionShape(1, 1, 2, false);
    Tensor qkv = random.tensor(5, 6);
    for (int i = 0; i < 5; i++) {
      qkv.set(i, 0, 0);
      qkv.set(i, 1, 0);
    }
    Tensor out = random.zeros(5, 2);

    kernels().attention(shape, qkv, new int[] {0, 3, 5}, 2, random.zeros(5, 1), out);

    float first = (qkv.get(0, 4) + qkv.get(1, 4) + qkv.get(2, 4)) / 3;
    float second = (qkv.get(3, 4) + qkv.get(4, 4)) / 2;
    for (int i = 0; i < 5; i++) {
      assertEquals(i < 3 ? first : second, out.get(i, 0), 1e-6);
    }
  }

  @Test
  void queryHeadsOfAGroupLookAtTheSameKeys() {
    // given two query heads alike, and a group of two
    AttentionShape grouped = new AttentionShape(2, 1, 2, true);
    Tensor qkv = random.tensor(3, 8);
    for (int i = 0; i < 3; i++) {
      qkv.set(i, 2, qkv.get(i, 0));
      qkv.set(i, 3, qkv.get(i, 1));
    }
    Tensor out = random.zeros(3, 4);

    kernels().attention(grouped, qkv, new int[] {0, 3}, 1, random.zeros(3, 2), out);

    for (int i = 0; i < 3; i++) {
      assertEquals(out.get(i, 0), out.get(i, 2), 1e-6);
      assertEquals(out.get(i, 1), out.get(i, 3), 1e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 3", "4, 4, 5", "2, 1, 20", "6, 2, 16", "8, 1, 4"})
  void cachedAttentionGivesTheRowsOfPackedAttention(int heads, int kvHeads, int headSize) {
    AttentionShape shape = new AttentionShape(heads, kvHeads, headSize, true);
    // given two sequences of 21 and 13 tokens
    int[] starts = {0, 21, 34};
    Tensor qkv = random.tensor(34, shape.width());
    Tensor packed = random.zeros(34, shape.queryWidth());
    kernels().attention(shape, qkv, starts, 2, random.zeros(34, heads), packed);
    KeyValueRows cache =
        new KeyValueRows(
            random.zeros(2 * 25, shape.keyValueWidth()),
            random.zeros(2 * 25, shape.keyValueWidth()),
            25);

    // when they come in pieces: 10 and 1 tokens, then 1 and 11, then 10 and 1
    int[] past = {0, 0};
    for (int[] piece : new int[][] {{10, 1}, {1, 11}, {10, 1}}) {
      int[] pieceStarts = {0, piece[0], piece[0] + piece[1]};
      Tensor rows = random.zeros(pieceStarts[2], shape.width());
      rows.slice(0, piece[0]).copyFrom(qkv.slice(past[0], piece[0]));
      rows.slice(piece[0], piece[1]).copyFrom(qkv.slice(21 + past[1], piece[1]));
      Tensor out = random.zeros(pieceStarts[2], shape.queryWidth());
      kernels().cacheKeysAndValues(shape, rows, pieceStarts, 2, past, cache);
      kernels().cachedAttention(shape, rows, pieceStarts, 2, past, cache, out);

      // then each is what it is among all tokens
      assertArrayEquals(
          packed.slice(past[0], piece[0]).toArray(), out.slice(0, piece[0]).toArray(), 1e-5f);
      assertArrayEquals(
          packed.slice(21 + past[1], piece[1]).toArray(),
          out.slice(piece[0], piece[1]).toArray(),
          1e-5f);
      past[0] += piece[0];
      past[1] += piece[1];
    }
  }

  @Test
  void gatheringAndScatteringRowsAreEachOthersGradient() {
    int[] rows = {9, 3, 0, 3};
    Tensor x = random.tensor(4, 18);
    Tensor y = random.zeros(3, 18);
    Tensor dy = random.tensor(3, 18);
    Tensor dx = random.zeros(4, 18);

    kernels().scatterRows(dy, rows, 1, dx);

    assertGradient("dx", () -> kernels().gatherRows(x, rows, 1, y), y, dy, x, dx);
  }

  @Test
  void uniformLogitsLoseTheLogarithmOfTheVocabulary() {
    Tensor logits = random.zeros(2, 41);
    double[] losses = new double[3];

    kernels().crossEntropy(logits, new int[] {0, 40, 7}, 1, losses);

    assertArrayEquals(new double[] {0, Math.log(41), Math.log(41)}, losses, 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 16", "3, 37"})
  void crossEntropyGradients(int rows, int vocabulary) {
    int[] targets = random.indices(rows, vocabulary);
    double[] weights = {0.5, 2, 0};
    double[] losses = new double[rows];
    Tensor logits = random.tensor(rows, vocabulary);
    Tensor dLogits = random.copy(logits);
    Tensor out = random.zeros(1, 1);
    Tensor one = filled(1, 1, 1);
    Forward forward =
        () -> {
          kernels().crossEntropy(logits, targets, 0, losses);
          double total = 0;
          for (int i = 0; i < rows; i++) {
            total += weights[i] * losses[i];
          }
          out.set(0, (float) total);
        };

    kernels().crossEntropyGradient(dLogits, targets, weights, 0, losses);

    double[] withGradient = losses.clone();
    forward.run();
    assertArrayEquals(losses, withGradient, 1e-6);
    assertGradient("dLogits", forward, out, one, logits, dLogits);
  }

  @Test
  void logitsFarApartNeitherOverflowNorVanish() {
    Tensor logits = filled(1, 3, 1000, -1000, 999);
    double[] losses = new double[1];

    kernels().crossEntropyGradient(logits, new int[] {1}, new double[] {1}, 0, losses);

    assertEquals(2000.3132617, losses[0], 1e-3);
    assertArrayEquals(new float[] {0.7310586f, -1, 0.2689414f}, logits.toArray(), 1e-6f);
  }

  @ParameterizedTest
  @CsvSource({"0.1", "0.5"})
  void dropoutKeepsTheMeanAndItsGradientSeesTheSameMask(double rate) {
    Tensor x = random.zeros(40, 501);
    for (long i = 0; i < x.size(); i++) {
      x.set(i, 1);
    }
    Tensor y = random.zeros(40, 501);
    Tensor dx = random.copy(x);
    long key = DropoutMask.key(5, 6, 7);

    kernels().dropout(x, rate, key, y);
    kernels().dropoutGradient(x, rate, key, dx);

    double sum = 0;
    float kept = (float) (1 / (1 - rate));
    for (long i = 0; i < x.size(); i++) {
      assertTrue(y.get(i) == 0 || Math.abs(y.get(i) - kept) < 1e-6);
      assertEquals(1 + y.get(i), dx.get(i), 1e-6);
      sum += y.get(i);
    }
    // 5 standard deviations of the mean of 20,040 draws
    assertEquals(1, sum / x.size(), 5 * Math.sqrt(rate / (1 - rate) / x.size()));
  }

  @Test
  void anotherStepDropsOtherElements() {
    Tensor x = random.tensor(1, 1000);
    Tensor first = random.zeros(1, 1000);
    Tensor second = random.zeros(1, 1000);

    kernels().dropout(x, 0.5, DropoutMask.key(1, 0, 0), first);
    kernels().dropout(x, 0.5, DropoutMask.key(1, 1, 0), second);

    int differing = 0;
    for (int i = 0; i < 1000; i++) {
      differing += (first.get(i) == 0) != (second.get(i) == 0) ? 1 : 0;
    }
    assertEquals(500, differing, 80);
  }

  @ParameterizedTest
  @CsvSource({"1", "16", "5003"})
  void sumOfSquaresCountsEveryElementOnce(int size) {
    Tensor x = random.zeros(1, size);
    for (int i = 0; i < size; i++) {
      x.set(i, i % 3);
    }

    long whole = size / 3 * 5L + (size % 3 == 2 ? 1 : 0);
    assertEquals(whole, kernels().sumOfSquares(x), 1e-3);
  }

  @Test
  void oneNumberThatIsNoneSpoilsTheSumOfSquares() {
    Tensor x = random.tensor(1, 50);
    x.set(31, Float.NaN);
    assertTrue(Double.isNaN(kernels().sumOfSquares(x)));
    x.set(31, Float.POSITIVE_INFINITY);
    assertEquals(Double.POSITIVE_INFINITY, kernels().sumOfSquares(x));
  }

  @Test
  void adamWMovesAsWorkedOutByHand() {
    // given one value 2 with gradient 4, halved by clipping, at the first step
    int size = 19;
    Tensor value = constant(size, 2);
    Tensor gradient = constant(size, 4);
    Tensor first = random.zeros(1, size);
    Tensor second = random.zeros(1, size);

    kernels()
        .adamW(new AdamWStep(0.1, 0.9, 0.99, 1e-8, 0.5, 0.5, 1), value, gradient, first, second);

    // then m = 0.1 * 2, v = 0.01 * 4, both corrected to 2 and 4: a full step of the rate, after
    // the decay to 2 * (1 - 0.05)
    assertArrayEquals(constant(size, 0.2f).toArray(), first.toArray(), 1e-6f);
    assertArrayEquals(constant(size, 0.04f).toArray(), second.toArray(), 1e-6f);
    assertArrayEquals(constant(size, 1.8f).toArray(), value.toArray(), 1e-5f);
  }

  /** An operation on tensors that may be windows on the columns of wider ones. */
  private interface Windowed {
    void run(Tensor... tensors);
  }

  /** The same result on windows as on contiguous tensors, and nothing else touched. */
  private void assertSameOnWindows(Windowed operation, Tensor... tensors) {
    Tensor[] contiguous = new Tensor[tensors.length];
    Tensor[] wide = new Tensor[tensors.length];
    Tensor[] windows = new Tensor[tensors.length];
    for (int t = 0; t < tensors.length; t++) {
      contiguous[t] = random.copy(tensors[t]);
      wide[t] = random.zeros(tensors[t].rows(), tensors[t].columns() + 5);
      windows[t] = wide[t].columns(2, tensors[t].columns());
      for (int i = 0; i < tensors[t].rows(); i++) {
        for (int j = 0; j < tensors[t].columns(); j++) {
          windows[t].set(i, j, tensors[t].get(i, j));
        }
      }
    }

    operation.run(contiguous);
    operation.run(windows);

    for (int t = 0; t < tensors.length; t++) {
      for (int i = 0; i < tensors[t].rows(); i++) {
        for (int j = 0; j < wide[t].columns(); j++) {
          boolean inside = j >= 2 && j < 2 + tensors[t].columns();
          float expected = inside ? contiguous[t].get(i, j - 2) : 0;
          assertEquals(
              expected, wide[t].get(i, j), 1e-5, "tensor " + t + ", element " + i + " " + j);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 3", "7, 34, 19", "70, 18, 33"})
  void windowsOnColumnsWorkLikeWholeTensors(int n, int in, int out) {
    Tensor x = random.tensor(n, in);
    Tensor y = random.tensor(n, out);
    for (DenseWeight weight :
        List.of(
            DenseWeight.inOut(random.tensor(in, out)), DenseWeight.outIn(random.tensor(out, in)))) {
      Tensor bias = random.tensor(1, out);
      Tensor values = weight.values();
      assertSameOnWindows(t -> kernels().linear(2, t[0], weight, bias, true, t[1]), x, y);
      assertSameOnWindows(t -> kernels().linear(2, t[0], weight, bias, false, t[1]), x, y);
      assertSameOnWindows(t -> kernels().linear(2, t[0], weight, null, false, t[1]), x, y);
      assertSameOnWindows(t -> kernels().linearInputGradient(2, t[1], weight, false, t[0]), x, y);
      assertSameOnWindows(
          t -> {
            Tensor d = random.zeros(values.rows(), values.columns());
            kernels().linearWeightGradient(2, t[0], t[1], new DenseWeight(d, weight.layout()));
            for (int j = 0; j < Math.min(in, out); j++) {
              t[0].set(0, j, d.get(j));
            }
          },
          x,
          y);
    }
    assertSameOnWindows(
        t -> {
          Tensor dBias = random.zeros(1, out);
          kernels().biasGradient(t[0], dBias);
          t[0].set(0, 0, dBias.get(out - 1));
        },
        y);
    Tensor a = random.tensor(3, in);
    Tensor b = random.tensor(out, 3);
    Tensor hidden = random.tensor(n, 3);
    assertSameOnWindows(
        t -> {
          Tensor down = random.zeros(n, 3);
          kernels().lowRankDown(t[0], 0.3, 5, a, down);
          kernels().lowRankUp(2, down, b, t[1]);
        },
        x,
        y);
    assertSameOnWindows(
        t -> {
          Tensor dHidden = random.zeros(n, 3);
          kernels().lowRankUpGradient(2, t[1], hidden, b, random.zeros(out, 3), dHidden);
          kernels().lowRankDownGradient(t[0], 0.3, 5, dHidden, a, random.zeros(3, in), t[2]);
        },
        x,
        y,
        x);
    Norm norm = new Norm(random.tensor(1, in / 2), random.tensor(1, in / 2), 0.1);
    Norm dNorm = new Norm(random.zeros(1, in / 2), random.zeros(1, in / 2), 0.1);
    Tensor statistics = random.zeros(n, 4);
    assertSameOnWindows(t -> kernels().norm(norm, t[0], statistics, t[1]), x, x);
    assertSameOnWindows(
        t -> {
          kernels().normInputGradient(norm, t[0], statistics, t[1], true, t[2]);
          kernels().normParameterGradient(t[0], statistics, t[1], dNorm);
        },
        x,
        x,
        x);
    RotaryTable table = RotaryTable.of(new double[] {1.1}, n);
    int[] positions = random.indices(n, n);
    assertSameOnWindows(t -> kernels().rotate(table, positions, false, t[0]), x);
  }

  private Tensor constant(int size, float value) {
    Tensor tensor = random.zeros(1, size);
    for (int i = 0; i < size; i++) {
      tensor.set(i, value);
    }
    return tensor;
  }

  /** Where no activation has a corner. */
  private Tensor awayFromZero(int rows, int columns) {
    Tensor tensor = random.tensor(rows, columns);
    for (long i = 0; i < tensor.size(); i++) {
      float value = tensor.get(i);
      tensor.set(i, value + Math.copySign(0.05f, value));
    }
    return tensor;
  }

  private Tensor filled(int rows, int columns, float... values) {
    Tensor tensor = random.zeros(rows, columns);
    tensor.copyFrom(values);
    return tensor;
  }

  private static void assertDoubled(Tensor once, Tensor twice) {
    for (long i = 0; i < once.size(); i++) {
      assertEquals(2 * once.get(i), twice.get(i), 1e-5);
    }
  }
}
