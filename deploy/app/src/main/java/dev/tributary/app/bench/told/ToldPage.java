package dev.tributary.app.bench.told;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The report as a page: first what is wanted and what was measured, then each scene. */
final class ToldPage {

  private static final double WITHIN_SECONDS_P50 = 20;
  private static final double WITHIN_SECONDS_P95 = 40;
  private static final double POINTS = 0.03;

  private final ToldReport report;
  private final StringBuilder page = new StringBuilder();

  private ToldPage(ToldReport report) {
    this.report = report;
  }

  static String of(ToldReport report) {
    return new ToldPage(report).page();
  }

  private String page() {
    page.append("# It learns what it is told\n\n");
    line(
        "%s · %s (%s) · base model `%s`, default settings",
        report.date(), report.cpu(), String.join(", ", report.instructionSets()), report.base());
    line(
        "\nEach scene begins with an empty `up`. A FAQ is of trades no base model has read about;"
            + " answers count only if they are exact.\n");
    summary();
    faqs();
    joint();
    corrections();
    tens();
    strangers();
    floods();
    line("\nAgain: `deploy/bench/run told`");
    return page.toString();
  }

  private void summary() {
    line("| wanted | measured | |\n|---|---|---|");
    for (int facts : faqSizes()) {
      List<FaqScene.Result> all = faqs(facts);
      List<Double> seconds = all.stream().map(FaqScene.Result::seconds).toList();
      row(
          "%d facts: 95 %% of the told questions, asked otherwise, right within %.0f s"
              .formatted(facts, all.getFirst().deadlineSeconds()),
          "%d of %d seeds; p50 %s, most %s"
              .formatted(
                  count(all, FaqScene.Result::inTime), all.size(), p(seconds, 0.5), p(seconds, 1)),
          all.stream().allMatch(FaqScene.Result::inTime));
      Share kept = sum(all, FaqScene.Result::kept);
      row(
          "%d facts: what the base answered rightly stays right".formatted(facts),
          kept.toString(),
          kept.right() == kept.asked());
      untoldBesideJoint(all);
    }
    if (!report.corrections().isEmpty()) {
      List<CorrectionScene.Result> all = report.corrections();
      List<Double> seconds = all.stream().map(CorrectionScene.Result::seconds).toList();
      row(
          "one correction: live within 20 s (p50), 40 s (p95)",
          "p50 %s, p95 %s, %d of %d"
              .formatted(p(seconds, 0.5), p(seconds, 0.95), served(seconds), seconds.size()),
          within(seconds, 0.5, WITHIN_SECONDS_P50) && within(seconds, 0.95, WITHIN_SECONDS_P95));
      row(
          "4 of 5 other told wordings of its fact too",
          "%d of %d corrections; %s"
              .formatted(
                  count(all, ToldPage::fourOfFive),
                  all.size(),
                  sum(all, CorrectionScene.Result::others)),
          all.stream().allMatch(ToldPage::fourOfFive));
      int changed = all.stream().mapToInt(CorrectionScene.Result::changed).sum();
      row("other answers unchanged", changed + " changed", changed == 0);
    }
    if (!report.tens().isEmpty()) {
      List<TenScene.Result> all = report.tens();
      List<Double> seconds = all.stream().flatMap(ten -> ten.seconds().stream()).toList();
      row(
          "ten corrections: each within 20 s (p50), 40 s (p95)",
          "p50 %s, p95 %s, %d of %d"
              .formatted(p(seconds, 0.5), p(seconds, 0.95), served(seconds), seconds.size()),
          within(seconds, 0.5, WITHIN_SECONDS_P50) && within(seconds, 0.95, WITHIN_SECONDS_P95));
      Share newest = sum(all, TenScene.Result::newest);
      row("the newest answer wins", newest.toString(), newest.right() == newest.asked());
      int worst =
          all.stream().flatMap(ten -> ten.changed().stream()).mapToInt(c -> c).max().orElse(0);
      row(
          "no version changes other answers",
          "at most %d of %d".formatted(worst, all.getFirst().controls()),
          worst == 0);
    }
    if (!report.strangers().isEmpty()) {
      boolean none = report.strangers().stream().allMatch(s -> s.changed() == 0 && s.sameVersion());
      row(
          "nothing served on one unknown voice",
          "%d of %d seeds"
              .formatted(
                  count(report.strangers(), s -> s.changed() == 0 && s.sameVersion()),
                  report.strangers().size()),
          none);
    }
    if (!report.floods().isEmpty()) {
      Share lies = sum(report.floods(), FloodScene.Result::lies);
      Share good = sum(report.floods(), FloodScene.Result::good);
      row("300 wrong corrections of one author: none served", lies.toString(), lies.right() == 0);
      row("the 20 good ones among them served", good.toString(), good.right() == good.asked());
    }
  }

  /** Beside what joint training reaches on the same seeds, if that was measured. */
  private void untoldBesideJoint(List<FaqScene.Result> all) {
    int facts = all.getFirst().facts();
    List<JointTraining.Result> best = best(facts);
    List<FaqScene.Result> same =
        all.stream()
            .filter(faq -> best.isEmpty() || best.stream().anyMatch(b -> b.seed() == faq.seed()))
            .toList();
    Share here = sum(same, FaqScene.Result::untold);
    Share there = sum(best, JointTraining.Result::untold);
    row(
        "%d facts: wordings never told, within 3 points of joint training".formatted(facts),
        here + (best.isEmpty() ? "" : "; joint: " + there),
        best.isEmpty() ? null : here.value() >= there.value() - POINTS);
  }

  private void faqs() {
    if (report.faqs().isEmpty()) {
      return;
    }
    line("\n## A FAQ is told\n");
    line(
        "| facts | seed | records | 95 %% after | told, asked otherwise | never told | kept | at"
            + " rest after | versions |\n"
            + "|---|---|---|---|---|---|---|---|---|");
    for (FaqScene.Result faq : report.faqs()) {
      line(
          "| %d | %d | %,d | %s | %s | %s | %s | %.0f s | %s |",
          faq.facts(),
          faq.seed(),
          faq.records(),
          seconds(faq.seconds()),
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
    line("\n## Joint training of the same base with `tune`\n");
    line(
        "| facts | seed | r | learning rate | steps | told, asked otherwise | never told | kept |"
            + " seconds |\n|---|---|---|---|---|---|---|---|---|");
    for (JointTraining.Result joint : report.joint()) {
      line(
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
    line("\n## Staff correct one answer\n");
    line(
        "| seed | asked for | live after | other wordings | other answers changed | trail |\n"
            + "|---|---|---|---|---|---|");
    for (CorrectionScene.Result one : report.corrections()) {
      line(
          "| %d | %s | %s | %s | %d of %d | %s |",
          one.seed(),
          one.attribute(),
          seconds(one.seconds()),
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
    line("\n## Ten corrections\n");
    line(
        "| seed | within | live after | newest | newest, other wordings | changed, by version |\n"
            + "|---|---|---|---|---|---|");
    for (TenScene.Result ten : report.tens()) {
      line(
          "| %d | %.0f s | %s | %s | %s | %s |",
          ten.seed(),
          ten.spanSeconds(),
          String.join(", ", ten.seconds().stream().map(ToldPage::seconds).toList()),
          ten.newest(),
          ten.newestWordings(),
          ten.changed());
    }
  }

  private void strangers() {
    if (report.strangers().isEmpty()) {
      return;
    }
    line("\n## A stranger corrects, a customer dislikes\n");
    line(
        "| seed | answers changed | same version | the correction | the thumb |\n"
            + "|---|---|---|---|---|");
    for (StrangerScene.Result one : report.strangers()) {
      line(
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
    line("\n## A flood of lies\n");
    line("| seed | lies | good ones | untouched | versions |\n|---|---|---|---|---|");
    for (FloodScene.Result flood : report.floods()) {
      line(
          "| %d | %s | %s | %s | %s |",
          flood.seed(), flood.lies(), flood.good(), flood.untouched(), verdicts(flood.versions()));
    }
  }

  // What is counted

  private List<Integer> faqSizes() {
    return report.faqs().stream().map(FaqScene.Result::facts).distinct().sorted().toList();
  }

  private List<FaqScene.Result> faqs(int facts) {
    return report.faqs().stream().filter(faq -> faq.facts() == facts).toList();
  }

  /** The best setting of each seed. */
  private List<JointTraining.Result> best(int facts) {
    List<JointTraining.Result> all =
        report.joint().stream().filter(joint -> joint.facts() == facts).toList();
    return all.stream()
        .map(JointTraining.Result::seed)
        .distinct()
        .map(seed -> best(all.stream().filter(joint -> joint.seed() == seed)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<JointTraining.Result> best(Stream<JointTraining.Result> settings) {
    return settings.max(Comparator.comparingDouble(joint -> joint.untold().value()));
  }

  private static boolean fourOfFive(CorrectionScene.Result one) {
    return one.others().right() >= CorrectionScene.OTHER_WORDINGS - 1;
  }

  private static <T> Share sum(List<T> results, Function<T, Share> part) {
    return Share.sum(results.stream().map(part).toList());
  }

  private static <T> long count(List<T> results, Predicate<T> holds) {
    return results.stream().filter(holds).count();
  }

  private static long served(List<Double> seconds) {
    return seconds.stream().filter(Objects::nonNull).count();
  }

  private static String verdicts(List<Version> versions) {
    List<String> verdicts = new ArrayList<>();
    versions.forEach(version -> verdicts.add(version.verdict()));
    return versions.size() + ": " + String.join(", ", verdicts);
  }

  /** Those that never came are the longest. */
  private static Optional<Double> quantile(List<Double> seconds, double share) {
    List<Double> sorted =
        seconds.stream().sorted(Comparator.nullsLast(Comparator.naturalOrder())).toList();
    int place = (int) Math.ceil(share * sorted.size()) - 1;
    return Optional.ofNullable(sorted.get(Math.max(0, place)));
  }

  private static boolean within(List<Double> seconds, double share, double most) {
    return quantile(seconds, share).filter(value -> value <= most).isPresent();
  }

  private static String p(List<Double> seconds, double share) {
    return quantile(seconds, share).map(ToldPage::seconds).orElse("never");
  }

  private static String seconds(Double value) {
    return value == null ? "never" : String.format(Locale.ROOT, "%.1f s", value);
  }

  /** Met or not; null where there is nothing to compare with. */
  private void row(String wanted, String measured, Boolean met) {
    line("| %s | %s | %s |", wanted, measured, met == null ? "" : met ? "yes" : "**no**");
  }

  private void line(String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
