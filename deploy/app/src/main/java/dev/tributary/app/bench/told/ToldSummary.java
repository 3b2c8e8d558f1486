package dev.tributary.app.bench.told;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What is wanted, what was measured, and whether that is enough. */
final class ToldSummary {

  private static final double WITHIN_SECONDS_P50 = 20;
  private static final double WITHIN_SECONDS_P95 = 40;
  private static final double POINTS = 0.03;

  private final ToldReport report;
  private final Page page;

  ToldSummary(ToldReport report, Page page) {
    this.report = report;
    this.page = page;
  }

  void write() {
    page.line("| wanted | measured | |\n|---|---|---|");
    faqSizes().forEach(facts -> faq(faqs(facts)));
    if (!report.corrections().isEmpty()) {
      corrections(report.corrections());
    }
    if (!report.tens().isEmpty()) {
      tens(report.tens());
    }
    if (!report.strangers().isEmpty()) {
      strangers(report.strangers());
    }
    if (!report.floods().isEmpty()) {
      floods(report.floods());
    }
  }

  private void faq(List<FaqScene.Result> all) {
    int facts = all.getFirst().facts();
    List<Double> seconds = all.stream().map(FaqScene.Result::seconds).toList();
    row(
        "%d facts: 95 %% of the told questions, asked otherwise, right within %.0f s"
            .formatted(facts, all.getFirst().deadlineSeconds()),
        "%d of %d seeds; p50 %s, most %s"
            .formatted(
                count(all, FaqScene.Result::inTime),
                all.size(),
                Seconds.text(seconds, 0.5),
                Seconds.text(seconds, 1)),
        all.stream().allMatch(FaqScene.Result::inTime));
    Share kept = sum(all, FaqScene.Result::kept);
    row(
        "%d facts: what the base answered rightly stays right".formatted(facts),
        kept.toString(),
        kept.right() == kept.asked());
    untoldBesideJoint(all);
  }

  private void corrections(List<CorrectionScene.Result> all) {
    List<Double> seconds = all.stream().map(CorrectionScene.Result::seconds).toList();
    live("one correction", seconds);
    row(
        "4 of 5 other told wordings of its fact too",
        "%d of %d corrections; %s"
            .formatted(
                count(all, ToldSummary::fourOfFive),
                all.size(),
                sum(all, CorrectionScene.Result::others)),
        all.stream().allMatch(ToldSummary::fourOfFive));
    int changed = all.stream().mapToInt(CorrectionScene.Result::changed).sum();
    row("other answers unchanged", changed + " changed", changed == 0);
  }

  private void tens(List<TenScene.Result> all) {
    List<Double> seconds = all.stream().flatMap(ten -> ten.seconds().stream()).toList();
    live("each of ten corrections", seconds);
    Share newest = sum(all, TenScene.Result::newest);
    row("the newest answer wins", newest.toString(), newest.right() == newest.asked());
    int worst =
        all.stream().flatMap(ten -> ten.changed().stream()).mapToInt(c -> c).max().orElse(0);
    row(
        "no version changes other answers",
        "at most %d of %d".formatted(worst, all.getFirst().controls()),
        worst == 0);
  }

  private void strangers(List<StrangerScene.Result> all) {
    boolean none = all.stream().allMatch(s -> s.changed() == 0 && s.sameVersion());
    row(
        "nothing served on one unknown voice",
        "%d of %d seeds"
            .formatted(count(all, s -> s.changed() == 0 && s.sameVersion()), all.size()),
        none);
  }

  private void floods(List<FloodScene.Result> all) {
    Share lies = sum(all, FloodScene.Result::lies);
    Share good = sum(all, FloodScene.Result::good);
    row("300 wrong corrections of one author: none served", lies.toString(), lies.right() == 0);
    row("the 20 good ones among them served", good.toString(), good.right() == good.asked());
  }

  private void live(String what, List<Double> seconds) {
    row(
        what + ": live within 20 s (p50), 40 s (p95)",
        "p50 %s, p95 %s, %d of %d"
            .formatted(
                Seconds.text(seconds, 0.5),
                Seconds.text(seconds, 0.95),
                served(seconds),
                seconds.size()),
        Seconds.within(seconds, 0.5, WITHIN_SECONDS_P50)
            && Seconds.within(seconds, 0.95, WITHIN_SECONDS_P95));
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

  /** Met or not; null where there is nothing to compare with. */
  private void row(String wanted, String measured, Boolean met) {
    page.line("| %s | %s | %s |", wanted, measured, met == null ? "" : met ? "yes" : "**no**");
  }
}
