package dev.tributary.evaluator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.gate.GateReason;
import dev.tributary.evaluator.registry.Registries;
import dev.tributary.foundation.AdapterId;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorMetricsTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EvaluatorMetrics metrics = new EvaluatorMetrics(registry);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tributary_gate_verdicts_total{adapter=\"acme.support\",outcome=\"failed\",reason=\"regression\"}"
            + " 1.0",
        "tributary_gate_duration_seconds_count{adapter=\"acme.support\"} 1",
        "tributary_publish_duration_seconds_count{publisher=\"directory\"} 1",
        "tributary_rollbacks_total{reason=\"command\"} 1.0",
        "tributary_control_commands_total{command=\"promote\",outcome=\"refused\"} 1.0",
        "tributary_deadletters_total{reason=\"bad_magic\",stage=\"evaluate\"} 1.0",
        "tributary_heldout_records_total{outcome=\"added\"} 1.0"
      })
  void namesAreWhatDashboardsAskFor(String line) {
    metrics.judged(
        AdapterId.parse("acme/support"),
        GateDecision.without(GateReason.REGRESSION, "worse"),
        Duration.ofSeconds(1));
    metrics.published("directory", Duration.ofMillis(5));
    metrics.rolledBack("command");
    metrics.commanded("promote", "refused");
    metrics.deadLetter("evaluate", "bad_magic");
    metrics.heldOut("added");

    assertTrue(registry.scrape().contains(line), registry.scrape());
  }

  @Test
  void adaptersBeyondTheCapShareALabel() {
    for (int i = 0; i < 105; i++) {
      metrics.judged(
          new AdapterId("t" + i, "d"),
          GateDecision.without(GateReason.PASSED, "better"),
          Duration.ZERO);
    }

    assertTrue(
        registry
            .scrape()
            .contains(
                "tributary_gate_verdicts_total{adapter=\"other\",outcome=\"passed\",reason=\"passed\"}"
                    + " 5.0"));
    assertFalse(registry.scrape().contains("adapter=\"t104.d\""));
  }

  @Test
  void gaugesBeyondTheCapsAreLeftOutAndCounted() {
    metrics.show(Registries.of(103, 202));

    String text = registry.scrape();
    assertTrue(text.contains("tributary_slice_loss{adapter=\"t0099.d\",slice=\"s199\"} 1.5"));
    assertTrue(
        text.contains("tributary_slice_forgetting_ratio{adapter=\"t0000.d\",slice=\"s0\"} 0.5"));
    assertFalse(text.contains("t0100.d"));
    assertFalse(text.contains("slice=\"s200\""));
    assertTrue(text.contains("tributary_gauges_left_out{kind=\"adapter\"} 3.0"));
    assertTrue(text.contains("tributary_gauges_left_out{kind=\"slice\"} 200.0"));
  }

  @Test
  void nothingIsLeftOutWithinTheCaps() {
    metrics.show(Registries.of(103, 202));
    metrics.show(Registries.of(100, 200));

    assertTrue(registry.scrape().contains("tributary_gauges_left_out{kind=\"adapter\"} 0.0"));
    assertTrue(registry.scrape().contains("tributary_gauges_left_out{kind=\"slice\"} 0.0"));
  }
}
