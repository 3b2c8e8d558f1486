package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputFormat;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What versions were told, and how it was answered before and after.
 *
 * @param answers as the evaluator lists them
 */
public record ToldAnswers(List<JsonNode> answers) {

  private static final int MOST_CHANGED = 10;

  private static final List<Column<JsonNode>> COLUMNS =
      List.of(
          Cells.at("RECORD", "/record_id").onlyWide(),
          Cells.at("QUESTION", "/question"),
          Cells.at("WANTED", "/wanted"),
          Cells.at("BEFORE", "/before"),
          Cells.at("AFTER", "/after"));

  /** Of one version. */
  static ToldAnswers of(JsonNode version) {
    return new ToldAnswers(version.path("told").valueStream().toList());
  }

  /**
   * Of some versions, the newest first.
   *
   * @param adapter as the evaluator shows it
   * @param names such as {@code acme.support@v7}
   */
  public static ToldAnswers ofVersions(JsonNode adapter, Set<String> names) {
    return new ToldAnswers(
        adapter
            .path("versions")
            .valueStream()
            .filter(version -> names.contains(version.path("id").asString("")))
            .flatMap(version -> version.path("told").valueStream())
            .toList());
  }

  /** Those answered otherwise than before, at most 10. */
  public ToldAnswers changed() {
    return new ToldAnswers(
        answers.stream()
            .filter(answer -> !answer.path("before").equals(answer.path("after")))
            .limit(MOST_CHANGED)
            .toList());
  }

  /** As a table to standard output. */
  public void print(Console console) {
    print(console, OutputFormat.TABLE);
  }

  void print(Console console, OutputFormat format) {
    new Listing(console, format).print(answers, COLUMNS, answers);
  }
}
