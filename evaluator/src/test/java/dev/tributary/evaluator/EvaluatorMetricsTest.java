package dev.tributary.evaluator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.gate.GateReason;
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
}
