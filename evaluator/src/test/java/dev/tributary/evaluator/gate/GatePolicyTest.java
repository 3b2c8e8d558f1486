package dev.tributary.evaluator.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatePolicyTest {

  @Test
  void emptySectionGivesTheDefaults() {
    assertEquals(
        new GatePolicy(
            0.0,
            0.05,
            0.95,
            0.8,
            0.02,
            8,
            8,
            FreshScope.SLICE,
            true,
            8,
            IntervalMethod.T,
            10_000,
            0L),
        StrictYaml.parse("", "policy.yaml", GatePolicy.class));
  }

  @Test
  void everyKeyIsRead() {
    String yaml =
        """
        min_improvement: 0.02
        max_regression: 0.1
        confidence: 0.9
        min_told_right: 0.7
        max_answers_lost: 0.01
        min_fresh_records: 5
        min_retained_records: 6
        fresh_scope: pooled
        compare_with_best: false
        recheck_records: 3
        interval: bootstrap
        bootstrap_resamples: 500
        seed: 7
        """;

    assertEquals(
        new GatePolicy(
            0.02,
            0.1,
            0.9,
            0.7,
            0.01,
            5,
            6,
            FreshScope.POOLED,
            false,
            3,
            IntervalMethod.BOOTSTRAP,
            500,
            7L),
        StrictYaml.parse(yaml, "policy.yaml", GatePolicy.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "min_improvement: -1",
        "max_regression: .nan",
        "confidence: 0.5",
        "confidence: 1.0",
        "min_told_right: 0",
        "max_answers_lost: 1",
        "min_fresh_records: 1",
        "min_retained_records: 0",
        "recheck_records: 0",
        "bootstrap_resamples: 5"
      })
  void aValueOutOfRangeNamesTheKey(String line) {
    ConfigException refused =
        assertThrows(
            ConfigException.class, () -> StrictYaml.parse(line, "policy.yaml", GatePolicy.class));

    assertTrue(
        refused.getMessage().contains("evaluator.gate." + line.substring(0, line.indexOf(':'))),
        refused.getMessage());
  }

  @Test
  void anUnknownKeyNamesTheNearest() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> StrictYaml.parse("max_regresion: 1", "policy.yaml", GatePolicy.class));

    assertTrue(refused.getMessage().contains("max_regression"), refused.getMessage());
  }
}
