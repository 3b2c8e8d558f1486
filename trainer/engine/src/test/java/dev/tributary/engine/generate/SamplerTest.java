package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.ConfigException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplerTest {

  private static final int DRAWS = 20_000;

  @Test
  void temperatureZeroTakesTheFirstOfTheLikeliest() {
    assertEquals(1, sampler(0, 1, 4).next(logits(0, 3, 3, 1), 0));
  }

  @Test
  void drawsFollowTheProbabilitiesAtTheTemperature() {
    // At temperature 2, logits of 2 ln p give back p.
    double[] shares = shares(2, 1, 2 * ln(0.5), 2 * ln(0.3), 2 * ln(0.15), 2 * ln(0.05));

    assertEquals(0.5, shares[0], 0.02);
    assertEquals(0.3, shares[1], 0.02);
    assertEquals(0.15, shares[2], 0.02);
    assertEquals(0.05, shares[3], 0.01);
  }

  @Test
  void theNucleusIsTheFewestThatReachTheProbability() {
    // 0.3 and 0.5 together reach 0.7; then they share the draws 3 to 5.
    double[] shares = shares(1, 0.7, ln(0.05), ln(0.3), ln(0.5), ln(0.15));

    assertEquals(0, shares[0]);
    assertEquals(0.375, shares[1], 0.02);
    assertEquals(0.625, shares[2], 0.02);
    assertEquals(0, shares[3]);
  }

  @Test
  void aTinyNucleusIsTheLikeliestAlone() {
    assertEquals(1, shares(1, 1e-9, ln(0.3), ln(0.4), ln(0.3))[1]);
  }

  @Test
  void theLikeliestIsFoundAnywhereInALargeVocabularyAndInAnyRow() {
    Tensor logits = TensorArena.shared().tensor(2, 1003);
    for (int wanted : new int[] {0, 1, 15, 16, 500, 999, 1002}) {
      logits.zero();
      logits.set(1, wanted, 2);

      assertEquals(wanted, sampler(0, 1, 1003).next(logits, 1));
      assertEquals(wanted, sampler(1e-3, 0.9, 1003).next(logits, 1));
    }
  }

  @Test
  void logitsThatAreNotFiniteAreRefused() {
    for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          BrokenLogitsException.class, () -> sampler(0, 1, 3).next(logits(1, broken, 2), 0));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1", "1, -1, 1", "1, NaN, 1", "1, 1, 0", "1, 1, 1.1", "1, 1, NaN"})
  void optionsOutOfRangeAreRefused(int maxTokens, double temperature, double topP) {
    assertThrows(
        ConfigException.class,
        () -> new GenerationOptions(maxTokens, temperature, topP, Set.of(), 0));
  }

  private static double[] shares(double temperature, double topP, double... logits) {
    Sampler sampler = sampler(temperature, topP, logits.length);
    Tensor tensor = logits(logits);
    double[] shares = new double[logits.length];
    for (int i = 0; i < DRAWS; i++) {
      shares[sampler.next(tensor, 0)] += 1.0 / DRAWS;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.round(shares[i] * 1e6) / 1e6;
    }
    return shares;
  }

  private static Sampler sampler(double temperature, double topP, int vocabularySize) {
    return new Sampler(
        new GenerationOptions(1, temperature, topP, Set.of(), 3),
        Sampler.Scratch.plan(TensorArena.shared(), vocabularySize));
  }

  private static double ln(double p) {
    return Math.log(p);
  }

  private static Tensor logits(double... values) {
    Tensor tensor = TensorArena.shared().vector(values.length);
    for (int i = 0; i < values.length; i++) {
      tensor.set(i, (float) values[i]);
    }
    return tensor;
  }
}
