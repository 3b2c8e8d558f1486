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
abstract class KernelsContractTest {

  private static final double STEP = 1e-2;
  private static final double TOLERANCE = 3e-3;

  private final RandomTensors random = new RandomTensors(7);

  abstract Kernels kernels();

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
    assertTrue(kernels().name().matches("[a-z0-9]+"));
    assertTrue(kernels().description().contains("thread"));
  }

  @ParameterizedTest
  @EnumSource(Weight.Layout.class)
  void linearMultipliesByTheWeightInEitherLayout(Weight.Layout layout) {
    // given W = [[1, 2, 3], [4, 5, 6]] from 2 inputs to 3 outputs
    Tensor values =
        layout == Weight.Layout.IN_OUT
            ? filled(2, 3, 1, 2, 3, 4, 5, 6)
            : filled(3, 2, 1, 4, 2, 5, 3, 6);
    Weight weight = new Weight(values, layout);
    Tensor x = filled(2, 2, 1, -1, 2, 0.5f);
    Tensor y = filled(2, 3, 10, 10, 10, 10, 10, 10);

    kernels().linear(2, x, weight, true, y);
    assertArrayEquals(new float[] {4, 4, 4, 18, 23, 28}, y.toArray());

    kernels().linear(1, x, weight, false, y);
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
  void linearGradients(Weight.Layout layout, int n, int in, int out) {
    boolean outIn = layout == Weight.Layout.OUT_IN;
    Tensor x = random.tensor(n, in);
    Tensor values = random.tensor(outIn ? out : in, outIn ? in : out);
    Weight weight = new Weight(values, layout);
    Tensor y = random.zeros(n, out);
    Tensor dy = random.tensor(n, out);
    Tensor dx = random.zeros(n, in);
    Weight dWeight = new Weight(random.zeros(values.rows(), values.columns()), layout);

    kernels().linearInputGradient(1.5f, dy, weight, false, dx);
    kernels().linearWeightGradient(1.5f, x, dy, dWeight);

    Forward forward = () -> kernels().linear(1.5f, x, weight, false, y);
    assertGradient("dx", forward, y, dy, x, dx);
    assertGradient("dW", forward, y, dy, values, dWeight.values());
  }

  @Test
  void gradientsOfParametersAndAccumulatedInputsAreAddedToWhatIsThere() {
    Tensor x = random.tensor(3, 5);
    Tensor dy = random.tensor(3, 4);
    Weight weight = Weight.inOut(random.tensor(5, 4));
    Tensor once = random.zeros(3, 5);
    Tensor twice = random.zeros(3, 5);
    Weight dOnce = Weight.inOut(random.zeros(5, 4));
    Weight dTwice = Weight.inOut(random.zeros(5, 4));

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
    Tensor bias = random.tensor(1, columns);
    Tensor base = random.tensor(rows, columns);
    Tensor y = random.copy(base);
    Tensor dy = random.tensor(rows, columns);
    Tensor dBias = random.zeros(1, columns);

    kernels().addBias(bias, y);
    kernels().biasGradient(dy, dBias);

    assertEquals(
        base.get(rows - 1, columns - 1) + bias.get(columns - 1),
        y.get(rows - 1, columns - 1),
        1e-6);
    Forward forward =
        () -> {
          y.copyFrom(base);
          kernels().addBias(bias, y);
        };
    assertGradient("dBias", forward, y, dy, bias, dBias);
  }

  @Test
  void embeddingGradientsAddUpOverRepeatedTokens() {
    int[] tokens = {2, 0, 2, 2};
    int[] positions = {0, 1, 0, 1};
    Tensor tokenTable = random.tensor(3, 19);
    Tensor positionTable = random.tensor(2, 19);
    Tensor x = random.zeros(4, 19);
    Tensor dx = random.tensor(4, 19);
    Tensor dTokens = random.zeros(3, 19);
    Tensor dPositions = random.zeros(2, 19);

    kernels().embedGradient(tokens, positions, dx, dTokens, dPositions);

    Forward forward = () -> kernels().embed(tokens, positions, tokenTable, positionTable, x);
    assertGradient("tokens", forward, x, dx, tokenTable, dTokens);
    assertGradient("positions", forward, x, dx, positionTable, dPositions);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "3, 17", "5, 33"})
  void layerNormGradients(int rows, int columns) {
    Tensor x = random.tensor(rows, columns);
    Tensor scale = random.tensor(1, columns);
    Tensor shift = random.tensor(1, columns);
    Tensor statistics = random.zeros(rows, 2);
    Tensor y = random.zeros(rows, columns);
    Tensor dy = random.tensor(rows, columns);
    Tensor dx = random.zeros(rows, columns);
    Tensor dScale = random.zeros(1, columns);
    Tensor dShift = random.zeros(1, columns);
    // A large epsilon keeps the curvature, and so the error of the differences, small.
    Forward forward = () -> kernels().layerNorm(x, scale, shift, 0.1, statistics, y);

    forward.run();
    kernels().layerNormInputGradient(x, scale, statistics, dy, dx);
    kernels().layerNormParameterGradient(x, statistics, dy, dScale, dShift);

    assertGradient("dx", forward, y, dy, x, dx);
    assertGradient("dScale", forward, y, dy, scale, dScale);
    assertGradient("dShift", forward, y, dy, shift, dShift);
  }

  @Test
  void layerNormHasMeanZeroAndDeviationOne() {
    Tensor x = random.tensor(2, 37);
    Tensor ones = random.zeros(1, 37);
    for (int j = 0; j < 37; j++) {
      ones.set(j, 1);
    }
    Tensor y = random.zeros(2, 37);

    kernels().layerNorm(x, ones, random.zeros(1, 37), 1e-9, random.zeros(2, 2), y);

    for (int row = 0; row < 2; row++) {
      double mean = 0;
      double square = 0;
      for (int j = 0; j < 37; j++) {
        mean += y.get(row, j) / 37.0;
        square += y.get(row, j) * y.get(row, j) / 37.0;
      }
      assertEquals(0, mean, 1e-6);
      assertEquals(1, square, 1e-5);
    }
  }

  @Test
  void geluIsPyTorchsTanhForm() {
    // torch.nn.functional.gelu(x, approximate="tanh"), in float64
    Tensor x = filled(1, 7, -100, -3, -1, 0, 0.5f, 2, 100);
    Tensor y = random.zeros(1, 7);

    kernels().gelu(x, y);

    float[] expected = {0, -0.0036373920f, -0.1588080094f, 0, 0.3457140057f, 1.9545976400f, 100};
    assertArrayEquals(expected, y.toArray(), 1e-6f);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void geluGradients(int rows, int columns) {
    Tensor x = random.tensor(rows, columns);
    Tensor y = random.zeros(rows, columns);
    Tensor dy = random.tensor(rows, columns);
    Tensor dx = random.copy(dy);

    kernels().geluGradient(x, dx, dx);

    assertGradient("dx", () -> kernels().gelu(x, y), y, dy, x, dx);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 3", "2, 2, 5", "3, 1, 17", "2, 1, 2"})
  void attentionGradients(int sequences, int heads, int headSize) {
    int[] starts = {0, 1, 6, 8};
    int n = starts[sequences];
    int width = heads * headSize;
    Tensor qkv = random.tensor(n, 3 * width);
    Tensor lse = random.zeros(n, heads);
    Tensor out = random.zeros(n, width);
    Tensor dOut = random.tensor(n, width);
    Tensor dQkv = random.tensor(n, 3 * width);
    Forward forward = () -> kernels().attention(qkv, starts, sequences, heads, lse, out);

    forward.run();
    kernels().attentionGradient(qkv, starts, sequences, heads, lse, out, dOut, dQkv);

    assertGradient("dQkv", forward, out, dOut, qkv, dQkv);
  }

  @Test
  void aTokenSeesItselfAndWhatCameBeforeInItsOwnSequenceOnly() {
    int width = 6;
    int[] starts = {0, 3, 5};
    Tensor qkv = random.tensor(5, 3 * width);
    Tensor lse = random.zeros(5, 2);
    Tensor before = random.zeros(5, width);
    Tensor after = random.zeros(5, width);
    kernels().attention(qkv, starts, 2, 2, lse, before);

    // when keys and values of row 2 change
    for (int j = width; j < 3 * width; j++) {
      qkv.set(2, j, qkv.get(2, j) + 1);
    }
    kernels().attention(qkv, starts, 2, 2, lse, after);

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

  @ParameterizedTest
  @CsvSource({"1, 3", "4, 5", "2, 20"})
  void cachedAttentionGivesTheRowsOfPackedAttention(int heads, int headSize) {
    int n = 21;
    int width = heads * headSize;
    Tensor qkv = random.tensor(n, 3 * width);
    Tensor packed = random.zeros(n, width);
    Tensor cached = random.zeros(n, width);
    Tensor keys = random.zeros(n, width);
    Tensor values = random.zeros(n, width);
    kernels().attention(qkv, new int[] {0, n}, 1, heads, random.zeros(n, heads), packed);

    // 4 tokens at once, then one at a time.
    kernels().cacheKeysAndValues(qkv.slice(0, 4), 0, keys, values);
    kernels().cachedAttention(qkv.slice(0, 4), 0, heads, keys, values, cached.slice(0, 4));
    for (int i = 4; i < n; i++) {
      kernels().cacheKeysAndValues(qkv.slice(i, 1), i, keys, values);
      kernels().cachedAttention(qkv.slice(i, 1), i, heads, keys, values, cached.slice(i, 1));
    }

    assertArrayEquals(packed.toArray(), cached.toArray(), 1e-5f);
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

  private Tensor constant(int size, float value) {
    Tensor tensor = random.zeros(1, size);
    for (int i = 0; i < size; i++) {
      tensor.set(i, value);
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
