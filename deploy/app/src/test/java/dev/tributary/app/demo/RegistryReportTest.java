package dev.tributary.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.demo.DemoReport.Retention;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RegistryReportTest {

  private static final String ADAPTER =
      """
      {"id": "shop.support", "versions": [
        {"id": "shop.support@v2", "version": 2, "verdict": "failed", "state": "gated", "new_examples": 5,
         "reasons": ["hours is worse"],
         "slices": [
           {"slice": "hours", "role": "retained", "evidence": "told", "records": 10, "passed": false,
            "base": {"loss": 0.5, "exact_match": 1.0}, "reference": {"loss": 0.4, "exact_match": 1.0},
            "candidate": {"loss": 0.9, "exact_match": null}},
           {"slice": "returns", "role": "fresh", "evidence": "held_out", "records": 0, "passed": false,
            "base": {"loss": null}, "reference": {"loss": null}, "candidate": {"loss": null}}]},
        {"id": "shop.support@v1", "version": 1, "verdict": "passed", "state": "active", "new_examples": 9,
         "reasons": [], "slices": []}]}
      """;

  private final RegistryReport report = new RegistryReport(new JsonMapper().readTree(ADAPTER));

  @Test
  void tellsVersionsOldestFirst() {
    // when
    List<DemoReport.Version> versions = report.versions();

    // then
    assertEquals(
        List.of("shop.support@v1", "shop.support@v2"),
        versions.stream().map(DemoReport.Version::name).toList());
    assertEquals(List.of("hours is worse"), versions.get(1).reasons());
    assertEquals(5, versions.get(1).newExamples());
  }

  @Test
  void leavesOutSlicesWithoutRecordsAndScoresThatDoNotExist() {
    // when
    List<Retention> rows = report.retention();

    // then
    assertEquals(1, rows.size());
    assertEquals("hours", rows.getFirst().slice());
    assertEquals("told", rows.getFirst().evidence());
    assertEquals(0.9, rows.getFirst().lossCandidate());
    assertNull(rows.getFirst().exactMatchCandidate());
    assertFalse(rows.getFirst().passed());
  }

  @Test
  void anAdapterWithoutVersionsHasNoRows() {
    // given
    RegistryReport empty = new RegistryReport(new JsonMapper().createObjectNode());

    // then
    assertTrue(empty.versions().isEmpty());
    assertTrue(empty.retention().isEmpty());
  }
}
