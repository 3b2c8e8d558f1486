package dev.tributary.app.bench.told;

import java.util.ArrayList;
import java.util.List;

/** The report as a page: first what is wanted and what was measured, then each scene. */
final class ToldPage {

  private final ToldReport report;
  private final Page page = new Page();

  private ToldPage(ToldReport report) {
    this.report = report;
  }

  static String of(ToldReport report) {
    return new ToldPage(report).written();
  }

  private String written() {
    page.line("# It learns what it is told\n");
    page.line(
        "%s · %s (%s) · base model `%s`, default settings",
        report.date(), report.cpu(), String.join(", ", report.instructionSets()), report.base());
    page.line(
        "\nEach scene begins with an empty `up`. A FAQ is of trades no base model has read about;"
            + " answers count only if they are exact.\n");
    new ToldSummary(report, page).write();
    faqs("A FAQ is told", report.faqs());
    joint();
    faqs("What was told before the scenes below", report.before());
    corrections();
    tens();
    strangers();
    floods();
    page.line("\nAgain: `deploy/bench/run told`");
    return page.toString();
  }

  private void faqs(String title, List<FaqScene.Result> faqs) {
    if (faqs.isEmpty()) {
      return;
    }
    page.line("\n## %s\n", title);
    page.line(
        "| facts | seed | records | 95 %% after | told, asked otherwise | never told | kept | at"
            + " rest after | versions |\n"
            + "|---|---|---|---|---|---|---|---|---|");
    for (FaqScene.Result faq : faqs) {
      page.line(
          "| %d | %d | %,d | %s | %s | %s | %s | %.0f s | %s |",
          faq.facts(),
          faq.seed(),
          faq.records(),
          Seconds.text(faq.seconds()),
          faq.retold(),
          faq.untold(),
          faq.kept(),
          faq.restSeconds(),
          verdicts(faq.versions()));
    }
  }

  private void joint() {
    if (report.joint().isEmpty()) {
      return;
    }
    page.line("\n## Joint training of the same base with `tune`\n");
    page.line(
        "| facts | seed | r | learning rate | steps | told, asked otherwise | never told | kept |"
            + " seconds |\n|---|---|---|---|---|---|---|---|---|");
    for (JointTraining.Result joint : report.joint()) {
      page.line(
          "| %d | %d | %d | %s | %d | %s | %s | %s | %.0f |",
          joint.facts(),
          joint.seed(),
          joint.r(),
          joint.learningRate(),
          joint.steps(),
          joint.retold(),
          joint.untold(),
          joint.kept(),
          joint.seconds());
    }
  }

  private void corrections() {
    if (report.corrections().isEmpty()) {
      return;
    }
    page.line("\n## Staff correct one answer\n");
    page.line(
        "| seed | asked for | live after | other wordings | other answers changed | trail |\n"
            + "|---|---|---|---|---|---|");
    for (CorrectionScene.Result one : report.corrections()) {
      page.line(
          "| %d | %s | %s | %s | %d of %d | %s |",
          one.seed(),
          one.attribute(),
          Seconds.text(one.seconds()),
          one.others(),
          one.changed(),
          one.controls(),
          (one.status() + " " + one.waitsFor()).strip());
    }
  }

  private void tens() {
    if (report.tens().isEmpty()) {
      return;
    }
    page.line("\n## Ten corrections\n");
    page.line(
        "| seed | within | live after | newest | newest, other wordings | changed, by version |\n"
            + "|---|---|---|---|---|---|");
    for (TenScene.Result ten : report.tens()) {
      page.line(
          "| %d | %.0f s | %s | %s | %s | %s |",
          ten.seed(),
          ten.spanSeconds(),
          String.join(", ", ten.seconds().stream().map(Seconds::text).toList()),
          ten.newest(),
          ten.newestWordings(),
          ten.changed());
    }
  }

  private void strangers() {
    if (report.strangers().isEmpty()) {
      return;
    }
    page.line("\n## A stranger corrects, a customer dislikes\n");
    page.line(
        "| seed | answers changed | same version | the correction | the thumb |\n"
            + "|---|---|---|---|---|");
    for (StrangerScene.Result one : report.strangers()) {
      page.line(
          "| %d | %d of %d | %s | %s | %s |",
          one.seed(),
          one.changed(),
          one.asked(),
          one.sameVersion() ? "yes" : "no",
          one.correction(),
          one.thumb());
    }
  }

  private void floods() {
    if (report.floods().isEmpty()) {
      return;
    }
    page.line("\n## A flood of lies\n");
    page.line("| seed | lies | good ones | untouched | versions |\n|---|---|---|---|---|");
    for (FloodScene.Result flood : report.floods()) {
      page.line(
          "| %d | %s | %s | %s | %s |",
          flood.seed(), flood.lies(), flood.good(), flood.untouched(), verdicts(flood.versions()));
    }
  }

  private static String verdicts(List<Version> versions) {
    List<String> verdicts = new ArrayList<>();
    versions.forEach(version -> verdicts.add(version.verdict()));
    return versions.size() + ": " + String.join(", ", verdicts);
  }
}
