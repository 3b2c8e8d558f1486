package dev.tributary.app.demo;

import dev.tributary.app.demo.DemoReport.Retention;
import dev.tributary.app.demo.DemoReport.Version;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Turns the evaluator's view of an adapter into rows of the report, oldest version first. */
final class RegistryReport {

  private final JsonNode adapter;

  /**
   * @param adapter answer of {@code GET /v1/adapters/{id}}
   */
  RegistryReport(JsonNode adapter) {
    this.adapter = adapter;
  }

  List<Version> versions() {
    List<Version> rows = new ArrayList<>();
    for (JsonNode version : oldestFirst()) {
      List<String> reasons = new ArrayList<>();
      version.path("reasons").forEach(reason -> reasons.add(reason.asString()));
      rows.add(
          new Version(
              version.path("id").asString(),
              version.path("verdict").asString(),
              version.path("state").asString(),
              version.path("new_examples").asLong(),
              reasons));
    }
    return rows;
  }

  /** Slices without a record have nothing to show. */
  List<Retention> retention() {
    List<Retention> rows = new ArrayList<>();
    for (JsonNode version : oldestFirst()) {
      for (JsonNode slice : version.path("slices")) {
        if (slice.path("records").asInt() == 0) {
          continue;
        }
        rows.add(
            new Retention(
                version.path("id").asString(),
                slice.path("slice").asString(),
                slice.path("role").asString(),
                slice.path("evidence").asString(),
                slice.path("records").asInt(),
                number(slice, "base", "loss"),
                number(slice, "reference", "loss"),
                number(slice, "candidate", "loss"),
                number(slice, "reference", "exact_match"),
                number(slice, "candidate", "exact_match"),
                slice.path("passed").asBoolean()));
      }
    }
    return rows;
  }

  private List<JsonNode> oldestFirst() {
    List<JsonNode> versions = new ArrayList<>();
    adapter.path("versions").forEach(versions::add);
    return versions.reversed();
  }

  private static Double number(JsonNode slice, String model, String score) {
    JsonNode value = slice.path(model).path(score);
    return value.isNumber() ? value.asDouble() : null;
  }
}
