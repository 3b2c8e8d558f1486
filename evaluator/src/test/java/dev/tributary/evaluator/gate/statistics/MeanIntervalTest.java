package dev.tributary.evaluator.gate.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden values: SciPy 1.17.1, {@code ttest_1samp(d, 0).confidence_interval(0.90)} and {@code
 * bootstrap(…, method='percentile', confidence_level=0.90)}. Size and power are simulated with
 * fixed seeds.
 */
class MeanIntervalTest {

  private static final double[] SAMPLE = {
    -0.31, -0.05, -0.22, 0.04, -0.40, -0.11, -0.27, 0.02, -0.19, -0.08
  };

  @Test
  void studentMatchesSciPy() {
    Interval interval = new StudentInterval().of(SAMPLE, 0.95);

    assertEquals(-0.157, interval.mean(), 1e-12);
    assertEquals(-0.2412279432100663, interval.low(), 1e-12);
    assertEquals(-0.07277205678993375, interval.high(), 1e-12);
  }

  @Test
  void bootstrapMatchesSciPyWithinItsOwnNoise() {
    Interval interval = new BootstrapInterval(100_000, 7).of(SAMPLE, 0.95);

    assertEquals(-0.157, interval.mean(), 1e-12);
    assertEquals(-0.2300, interval.low(), 0.002);
    assertEquals(-0.0860, interval.high(), 0.002);
  }

  @Test
  void bootstrapRepeatsWithItsSeed() {
    assertEquals(
        new BootstrapInterval(1_000, 3).of(SAMPLE, 0.95),
        new BootstrapInterval(1_000, 3).of(SAMPLE, 0.95));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void equalValuesLeaveNoDoubt(MeanInterval method) {
    Interval interval = method.of(new double[] {0.5, 0.5, 0.5}, 0.95);

    assertEquals(new Interval(0.5, 0.5, 0.5), interval);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void boundsHoldAsOftenAsTheySay(MeanInterval method) {
    // given normal differences whose true mean lies exactly on the margin
    double share = shareWithUpperBoundBelow(method, 0.0, 0.0, 40, 4_000);

    // then the gate would be fooled in about one case of twenty
    assertTrue(share > 0.03 && share < 0.075, "size " + share);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aRealImprovementIsFound(MeanInterval method) {
    // n = (1.645 + 0.842)² (s/d)² = 39 for d = 0.4 s finds it in four cases of five
    double share = shareWithUpperBoundBelow(method, -0.4, 0.0, 40, 2_000);

    assertTrue(share > 0.76 && share < 0.86, "power " + share);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void refusesTooFewValuesAndOddConfidences(MeanInterval method) {
    assertThrows(IllegalArgumentException.class, () -> method.of(new double[] {1}, 0.95));
    assertThrows(IllegalArgumentException.class, () -> method.of(SAMPLE, 0.5));
    assertThrows(IllegalArgumentException.class, () -> method.of(SAMPLE, 1));
  }

  private static Stream<MeanInterval> methods() {
    return Stream.of(new StudentInterval(), new BootstrapInterval(400, 11));
  }

  private static double shareWithUpperBoundBelow(
      MeanInterval method, double mean, double margin, int records, int repeats) {
    SplittableRandom random = new SplittableRandom(20_261_124);
    int below = 0;
    for (int repeat = 0; repeat < repeats; repeat++) {
      double[] sample = new double[records];
      for (int i = 0; i < records; i++) {
        sample[i] = mean + random.nextGaussian();
      }
      if (method.of(sample, 0.95).high() < margin) {
        below++;
      }
    }
    return (double) below / repeats;
  }
}
