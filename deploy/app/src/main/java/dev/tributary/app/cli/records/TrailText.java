package dev.tributary.app.cli.records;

import dev.tributary.app.cli.output.Column;
import dev.tributary.app.records.Trail;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A record's trail in words. */
final class TrailText {

  /** Columns of {@link #rows}. */
  static final List<Column<Row>> COLUMNS =
      List.of(Column.of("WHAT", Row::what), Column.of("SAYS", Row::says));

  private TrailText() {}

  /** One line of a trail: a step and what is known of it. */
  record Row(String what, String says) {}

  /** Everything known of a record, in the order it happens, then what it waits for. */
  static List<Row> rows(Trail trail) {
    JsonNode json = trail.json();
    List<Row> rows = new ArrayList<>();
    add(rows, "id", text(json, "/id"));
    add(rows, "adapter", text(json, "/adapter"));
    add(rows, "status", trail.status());
    add(rows, "received", text(json, "/received_at"));
    add(rows, "request", text(json, "/request_id"));
    add(rows, "example", example(json));
    add(rows, "trained", trained(json));
    add(rows, "verdict", verdict(json));
    add(rows, "served", served(json));
    add(rows, "waits for", text(json, "/waits_for"));
    add(rows, "what to do", text(json, "/what_to_do"));
    return rows;
  }

  /** A sentence on where it stands now. */
  static String sentence(Trail trail) {
    JsonNode json = trail.json();
    String detail =
        switch (trail.status()) {
          case "trained" -> trained(json);
          case "refused", "undecided" -> verdict(json);
          case "served" -> served(json);
          default -> "";
        };
    return words(trail) + (detail.isEmpty() ? "" : ": " + detail);
  }

  /** The same, and what it waits for and what to do, where the gateway says so. */
  static String sentenceWithAdvice(Trail trail) {
    String waitsFor = text(trail.json(), "/waits_for");
    String whatToDo = text(trail.json(), "/what_to_do");
    return sentence(trail)
        + (waitsFor.isEmpty() ? "" : "; waits for: " + waitsFor)
        + (whatToDo.isEmpty() ? "" : "; what to do: " + whatToDo);
  }

  private static String words(Trail trail) {
    return trail.status().replace('_', ' ');
  }

  private static String example(JsonNode json) {
    JsonNode example = json.path("example");
    if (!example.isObject()) {
      return "";
    }
    String use = text(json, "/use").replace('_', ' ');
    return "%s, partition %s, offset %s%s"
        .formatted(
            text(example, "/id"),
            text(example, "/partition"),
            text(example, "/offset"),
            use.isEmpty() ? "" : ", " + use);
  }

  private static String trained(JsonNode json) {
    JsonNode trained = json.path("trained");
    if (!trained.isObject()) {
      return "";
    }
    JsonNode learnt = trained.path("learnt");
    String version = text(trained, "/version");
    return "%sstep %s%s"
        .formatted(
            version.isEmpty() ? "" : "version " + version + ", ",
            text(trained, "/step"),
            learnt.isBoolean() && !learnt.booleanValue() ? ", not learnt within the budget" : "");
  }

  private static String verdict(JsonNode json) {
    JsonNode verdict = json.path("verdict");
    if (!verdict.isObject()) {
      return "";
    }
    String reasons =
        verdict
            .path("reasons")
            .valueStream()
            .map(reason -> reason.asString(""))
            .collect(Collectors.joining("; "));
    return "%s %s%s"
        .formatted(
            text(verdict, "/version"),
            text(verdict, "/verdict"),
            reasons.isEmpty() ? "" : ": " + reasons);
  }

  private static String served(JsonNode json) {
    JsonNode served = json.path("served");
    return served.isObject()
        ? "by %s since %s".formatted(text(served, "/version"), text(served, "/since"))
        : "";
  }

  private static void add(List<Row> rows, String what, String says) {
    if (!says.isEmpty()) {
      rows.add(new Row(what, says));
    }
  }

  private static String text(JsonNode json, String pointer) {
    return json.at(pointer).asString("");
  }
}
