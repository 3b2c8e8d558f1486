package dev.tributary.app.bench;

import java.util.List;
import java.util.Locale;

/**
 * What the banking bench measured.
 *
 * @param records training queries sent, of which a fifth is held out
 * @param testRecords queries of the test set asked before and after
 * @param exactMatchBefore share answered with exactly the intent's words, 0 to 1
 * @param acceptedPerSecond records a second from the first request to the broker's last
 *     acknowledgement
 * @param recordsPerSecond records a second from the first request until trainer and gate were at
 *     rest
 * @param tokensPerSecond median over micro-batches, replay included
 * @param versions every candidate with its verdict
 */
public record BankingReport(
    String date,
    String cpu,
    List<String> instructionSets,
    String kernels,
    int records,
    int testRecords,
    double exactMatchBefore,
    double exactMatchAfter,
    double acceptedPerSecond,
    double recordsPerSecond,
    double tokensPerSecond,
    List<Version> versions) {

  /**
   * A candidate.
   *
   * @param oldestToServedSeconds from the oldest record it learnt to the alias; null if never
   *     served
   * @param newestToServedSeconds from the newest one
   */
  public record Version(
      String name,
      String verdict,
      long newExamples,
      Double oldestToServedSeconds,
      Double newestToServedSeconds) {}

  /** The report as a page. */
  String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("# 10,003 customer queries through the whole loop\n\n");
    page.append(
        "%s · %s (%s) · kernels %s%n%n"
            .formatted(date, cpu, String.join(", ", instructionSets), kernels));
    page.append(
        "BANKING77, query to intent as words, on the demo's base model (3 M parameters).\n\n");
    page.append("| | |\n|---|---|\n");
    row(page, "records sent over HTTP", "%,d".formatted(records));
    row(page, "accepted by the broker", "%,.0f records/s".formatted(acceptedPerSecond));
    row(page, "trained, gated and at rest", "%,.0f records/s".formatted(recordsPerSecond));
    row(page, "training", "%,.0f tokens/s".formatted(tokensPerSecond));
    row(
        page,
        "exact match on %,d test queries, before".formatted(testRecords),
        "%.1f %%".formatted(100 * exactMatchBefore));
    row(
        page,
        "exact match on %,d test queries, after".formatted(testRecords),
        "%.1f %%".formatted(100 * exactMatchAfter));
    page.append(
        "\n| version | verdict | new examples | oldest to served, s | newest to served, s |\n");
    page.append("|---|---|---|---|---|\n");
    for (Version version : versions) {
      page.append(
          "| %s | %s | %,d | %s | %s |%n"
              .formatted(
                  version.name(),
                  version.verdict(),
                  version.newExamples(),
                  seconds(version.oldestToServedSeconds()),
                  seconds(version.newestToServedSeconds())));
    }
    page.append("\nAgain: `deploy/bench/run banking`\n");
    return page.toString();
  }

  private static void row(StringBuilder page, String name, String value) {
    page.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }

  private static String seconds(Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.1f", value);
  }
}
