package dev.tributary.evaluator.gate;

import static dev.tributary.evaluator.gate.Comparison.nats;

import dev.tributary.evaluator.gate.statistics.MeanInterval;

/**
 * The three questions a policy asks of paired losses (candidate minus other; below zero is better).
 * With U the upper one-sided confidence bound of the mean difference d:
 *
 * <ul>
 *   <li><b>better</b>: met when U &lt; −min_improvement, failed when d &ge; −min_improvement, else
 *       uncertain;
 *   <li><b>not worse</b> (non-inferior): met when U &le; max_regression, failed when d &gt;
 *       max_regression, else uncertain;
 *   <li><b>not provably worse</b>: failed only when the lower bound is above max_regression. For
 *       slices too small to prove more.
 * </ul>
 *
 * <p>All slices must meet their question for a candidate to pass, so no correction for their number
 * is needed (intersection-union test, R. L. Berger 1982).
 */
final class Requirements {

  private final GatePolicy policy;
  private final MeanInterval method;

  Requirements(GatePolicy policy) {
    this.policy = policy;
    this.method = policy.meanInterval();
  }

  Finding better(Question question) {
    Comparison comparison = compare(question);
    double margin = -policy.minImprovement();
    String asked = "more than %s was asked".formatted(nats(policy.minImprovement()));
    if (comparison.records() < policy.minFreshRecords()) {
      return tooFew(comparison, policy.minFreshRecords(), question);
    }
    if (comparison.interval().high() < margin) {
      return found(GateReason.PASSED, comparison, question, comparison.upperBound());
    }
    if (comparison.mean() >= margin) {
      return found(GateReason.NOT_BETTER, comparison, question, asked);
    }
    return found(GateReason.UNCERTAIN, comparison, question, unproven(comparison, margin));
  }

  /**
   * Whether a finding of {@link #better} stands on its own: the improvement is proven, or so is
   * that there is none. Otherwise weaker evidence may decide.
   */
  boolean isProven(Finding finding) {
    return finding.isMet()
        || (finding.isFailed() && finding.interval().low() >= -policy.minImprovement());
  }

  /**
   * @param failure {@link GateReason#REGRESSION} or {@link GateReason#REGRESSION_SINCE_BEST}, by
   *     what it is compared with
   */
  Finding notWorse(Question question, GateReason failure) {
    Comparison comparison = compare(question);
    double margin = policy.maxRegression();
    if (comparison.records() < policy.minRetainedRecords()) {
      return tooFew(comparison, policy.minRetainedRecords(), question);
    }
    if (comparison.interval().high() <= margin) {
      return found(GateReason.PASSED, comparison, question, comparison.upperBound());
    }
    if (comparison.mean() > margin) {
      return found(failure, comparison, question, allowed());
    }
    return found(GateReason.UNCERTAIN, comparison, question, unproven(comparison, margin));
  }

  /**
   * @param failure as for {@link #notWorse}
   */
  Finding notProvablyWorse(Question question, GateReason failure) {
    Comparison comparison = compare(question);
    if (comparison.records() == 0) {
      return new Finding(
          GateReason.PASSED, comparison.interval(), "has no " + question.kind() + " yet");
    }
    return comparison.interval().low() > policy.maxRegression()
        ? found(failure, comparison, question, allowed())
        : found(GateReason.PASSED, comparison, question, "too few to prove more, so only watched");
  }

  private Comparison compare(Question question) {
    return Comparison.of(question.differences(), method, policy.confidence());
  }

  private String allowed() {
    return "at most %s is allowed".formatted(nats(policy.maxRegression()));
  }

  private static Finding tooFew(Comparison comparison, int needed, Question question) {
    return new Finding(
        GateReason.TOO_FEW_RECORDS,
        comparison.interval(),
        "has %d of %s needed"
            .formatted(comparison.records(), Question.count(needed, question.kind())));
  }

  private static Finding found(
      GateReason reason, Comparison comparison, Question question, String detail) {
    return new Finding(
        reason,
        comparison.interval(),
        "is %s than %s on %s; %s"
            .formatted(
                comparison.direction(),
                question.other(),
                Question.count(comparison.records(), question.kind()),
                detail));
  }

  private static String unproven(Comparison comparison, double margin) {
    return "%s, so not proven yet; about %d records would do"
        .formatted(comparison.upperBound(), comparison.recordsNeeded(margin));
  }
}
