package dev.tributary.evaluator.gate;

import static dev.tributary.evaluator.gate.Comparison.nats;

import dev.tributary.evaluator.gate.statistics.MeanInterval;

/**
 * The three questions a policy asks of paired differences (candidate minus other; below zero is
 * better). With U the upper one-sided confidence bound of the mean difference d:
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

  Finding better(double[] differences, String other) {
    Comparison comparison = compare(differences);
    double margin = -policy.minImprovement();
    String asked = "more than %s was asked".formatted(nats(policy.minImprovement()));
    if (comparison.records() < policy.minFreshRecords()) {
      return tooFew(comparison, policy.minFreshRecords(), "new ");
    }
    if (comparison.interval().high() < margin) {
      return found(GateReason.PASSED, comparison, other, "new ", comparison.upperBound());
    }
    if (comparison.mean() >= margin) {
      return found(GateReason.NOT_BETTER, comparison, other, "new ", asked);
    }
    return found(GateReason.UNCERTAIN, comparison, other, "new ", unproven(comparison, margin));
  }

  /**
   * @param failure {@link GateReason#REGRESSION} or {@link GateReason#REGRESSION_SINCE_BEST}, by
   *     what it is compared with
   */
  Finding notWorse(double[] differences, String other, GateReason failure) {
    Comparison comparison = compare(differences);
    double margin = policy.maxRegression();
    if (comparison.records() < policy.minRetainedRecords()) {
      return tooFew(comparison, policy.minRetainedRecords(), "");
    }
    if (comparison.interval().high() <= margin) {
      return found(GateReason.PASSED, comparison, other, "", comparison.upperBound());
    }
    if (comparison.mean() > margin) {
      return found(failure, comparison, other, "", allowed());
    }
    return found(GateReason.UNCERTAIN, comparison, other, "", unproven(comparison, margin));
  }

  /**
   * @param failure as for {@link #notWorse}
   */
  Finding notProvablyWorse(double[] differences, String other, GateReason failure) {
    Comparison comparison = compare(differences);
    if (comparison.records() == 0) {
      return new Finding(GateReason.PASSED, comparison.interval(), "has no held-out record yet");
    }
    return comparison.interval().low() > policy.maxRegression()
        ? found(failure, comparison, other, "", allowed())
        : found(GateReason.PASSED, comparison, other, "", "too few to prove more, so only watched");
  }

  private Comparison compare(double[] differences) {
    return Comparison.of(differences, method, policy.confidence());
  }

  private String allowed() {
    return "at most %s is allowed".formatted(nats(policy.maxRegression()));
  }

  private static Finding tooFew(Comparison comparison, int needed, String kind) {
    return new Finding(
        GateReason.TOO_FEW_RECORDS,
        comparison.interval(),
        "has %d of %d %sheld-out records needed".formatted(comparison.records(), needed, kind));
  }

  private static Finding found(
      GateReason reason, Comparison comparison, String other, String kind, String detail) {
    return new Finding(
        reason,
        comparison.interval(),
        "is %s than %s on %d %sheld-out record%s; %s"
            .formatted(
                comparison.direction(),
                other,
                comparison.records(),
                kind,
                comparison.records() == 1 ? "" : "s",
                detail));
  }

  private static String unproven(Comparison comparison, double margin) {
    return "%s, so not proven yet; about %d records would do"
        .formatted(comparison.upperBound(), comparison.recordsNeeded(margin));
  }
}
