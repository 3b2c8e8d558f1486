package dev.tributary.app.demo;

import dev.tributary.app.demo.DemoReport.Answered;
import dev.tributary.app.demo.DemoReport.Check;
import dev.tributary.app.demo.DemoReport.FeedbackToServed;
import dev.tributary.app.demo.DemoReport.Retention;
import dev.tributary.app.demo.DemoReport.Version;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what the demo saw, for people. */
final class ClosingTable {

  private static final int MAX_CELL = 64;

  private final PrintStream out;

  ClosingTable(PrintStream out) {
    this.out = out;
  }

  void print(DemoReport report) {
    section(
        "Versions",
        List.of("version", "verdict", "state", "new examples", "why"),
        report.versions().stream().map(ClosingTable::version).toList());
    section(
        "Answers",
        List.of("question", "before", "after", "at the end"),
        report.answers().stream().map(ClosingTable::answer).toList());
    section(
        "What the gate measured",
        List.of(
            "version",
            "slice",
            "role",
            "evidence",
            "records",
            "loss base",
            "release",
            "candidate",
            "exact match",
            ""),
        report.retention().stream().map(ClosingTable::retention).toList());
    section(
        "From feedback to served",
        List.of("version", "corrections", "seconds"),
        report.feedbackToServed().stream().map(ClosingTable::timing).toList());
    section("Checks", List.of(), report.checks().stream().map(ClosingTable::check).toList());
    out.printf(
        Locale.ROOT,
        "%n%s in %.0f s%n",
        report.passed()
            ? "Every part of the story happened"
            : "NOT every part of the story happened",
        report.seconds());
  }

  private void section(String title, List<String> headings, List<List<String>> rows) {
    out.println();
    out.println(title);
    List<List<String>> all = new ArrayList<>();
    if (!headings.isEmpty()) {
      all.add(headings);
    }
    all.addAll(rows);
    int columns = all.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : all) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], cut(row.get(i)).length());
      }
    }
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < row.size(); i++) {
        line.append(String.format("%-" + Math.max(1, widths[i]) + "s  ", cut(row.get(i))));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static List<String> version(Version version) {
    return List.of(
        version.name(),
        version.verdict(),
        version.state(),
        String.valueOf(version.newExamples()),
        version.reasons().isEmpty() ? "" : version.reasons().getFirst());
  }

  private static List<String> answer(Answered row) {
    return List.of(
        row.question(),
        mark(row.rightBefore(), row.before()),
        mark(row.rightAfter(), row.after()),
        mark(row.rightAtEnd(), row.end()));
  }

  private static String mark(boolean right, String answer) {
    return (right ? "✓ " : "✗ ") + answer;
  }

  private static List<String> retention(Retention row) {
    return List.of(
        row.version(),
        row.slice(),
        row.role(),
        row.evidence(),
        String.valueOf(row.records()),
        number(row.lossBase()),
        number(row.lossReference()),
        number(row.lossCandidate()),
        share(row.exactMatchReference()) + " → " + share(row.exactMatchCandidate()),
        row.passed() ? "ok" : "FAILED");
  }

  private static List<String> timing(FeedbackToServed row) {
    return List.of(
        row.version(),
        String.valueOf(row.corrections()),
        String.format(Locale.ROOT, "%.1f", row.seconds()));
  }

  private static List<String> check(Check check) {
    return List.of(check.passed() ? "✓" : "✗", check.name(), check.detail());
  }

  private static String number(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String share(Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String cut(String text) {
    String line = text.replace('\n', ' ');
    return line.length() <= MAX_CELL ? line : line.substring(0, MAX_CELL - 1) + "…";
  }
}
