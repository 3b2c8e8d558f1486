package dev.tributary.evaluator.gate;

import static java.util.Objects.requireNonNullElse;

import dev.tributary.evaluator.gate.statistics.BootstrapInterval;
import dev.tributary.evaluator.gate.statistics.MeanInterval;
import dev.tributary.evaluator.gate.statistics.StudentInterval;
import dev.tributary.foundation.error.ConfigException;

/**
 * What a candidate must show before it may answer: the section {@code evaluator.gate} of the
 * configuration. Every component may be null, which means its default. Losses are nats per
 * supervised token.
 *
 * @param minImprovement fresh records must be better than the reference by more than this; default
 *     0
 * @param maxRegression retained records may be worse by at most this; default 0.05, about 5 % of
 *     perplexity
 * @param confidence of each one-sided bound; default 0.95
 * @param minToldRight share of what was told that must be answered as told where held-out records
 *     do not decide; default 0.8
 * @param maxAnswersLost share of the answers by which right ones lost may outnumber those gained,
 *     and by which token F1 may fall; default 0.02
 * @param minFreshRecords fewer in a fresh slice prove nothing; default 8, at least 2
 * @param minRetainedRecords retained slices with fewer are tested together; default 8, at least 2
 * @param freshScope whether each fresh slice must be better or all together; default each
 * @param compareWithBest whether retained slices are also compared with the best release ever,
 *     which stops a slow decline in many small steps; default true
 * @param recheckRecords new held-out records after which an open verdict is looked at again;
 *     default 8. Each look is another chance to pass by luck, so it should not be small
 * @param interval default t
 * @param bootstrapResamples for the bootstrap; default 10,000
 * @param seed for the bootstrap and the choice of records to answer; default 0
 */
public record GatePolicy(
    Double minImprovement,
    Double maxRegression,
    Double confidence,
    Double minToldRight,
    Double maxAnswersLost,
    Integer minFreshRecords,
    Integer minRetainedRecords,
    FreshScope freshScope,
    Boolean compareWithBest,
    Integer recheckRecords,
    IntervalMethod interval,
    Integer bootstrapResamples,
    Long seed) {

  public GatePolicy {
    minImprovement = requireNonNullElse(minImprovement, 0.0);
    maxRegression = requireNonNullElse(maxRegression, 0.05);
    confidence = requireNonNullElse(confidence, 0.95);
    minToldRight = requireNonNullElse(minToldRight, 0.8);
    maxAnswersLost = requireNonNullElse(maxAnswersLost, 0.02);
    minFreshRecords = requireNonNullElse(minFreshRecords, 8);
    minRetainedRecords = requireNonNullElse(minRetainedRecords, 8);
    freshScope = requireNonNullElse(freshScope, FreshScope.SLICE);
    compareWithBest = requireNonNullElse(compareWithBest, true);
    recheckRecords = requireNonNullElse(recheckRecords, 8);
    interval = requireNonNullElse(interval, IntervalMethod.T);
    bootstrapResamples = requireNonNullElse(bootstrapResamples, 10_000);
    seed = requireNonNullElse(seed, 0L);
    check("min_improvement", minImprovement, isLoss(minImprovement), "use nats a token, 0 or more");
    check("max_regression", maxRegression, isLoss(maxRegression), "use nats a token, 0 or more");
    check(
        "confidence",
        confidence,
        confidence > 0.5 && confidence < 1,
        "use a number above 0.5 and below 1, such as 0.95");
    check(
        "min_told_right",
        minToldRight,
        minToldRight > 0 && minToldRight <= 1,
        "use a share above 0, up to 1, such as 0.8");
    check(
        "max_answers_lost",
        maxAnswersLost,
        maxAnswersLost >= 0 && maxAnswersLost < 1,
        "use a share from 0 to below 1, such as 0.02");
    check("min_fresh_records", minFreshRecords, minFreshRecords >= 2, "use at least 2");
    check("min_retained_records", minRetainedRecords, minRetainedRecords >= 2, "use at least 2");
    check("recheck_records", recheckRecords, recheckRecords >= 1, "use at least 1");
    check(
        "bootstrap_resamples",
        bootstrapResamples,
        bootstrapResamples >= 100 && bootstrapResamples <= 1_000_000,
        "use 100 to 1000000");
  }

  /** The policy of an empty section. */
  public static GatePolicy defaults() {
    return new GatePolicy(
        null, null, null, null, null, null, null, null, null, null, null, null, null);
  }

  /** The method the policy names. */
  public MeanInterval meanInterval() {
    return switch (interval) {
      case T -> new StudentInterval();
      case BOOTSTRAP -> new BootstrapInterval(bootstrapResamples, seed);
    };
  }

  private static boolean isLoss(double value) {
    return Double.isFinite(value) && value >= 0;
  }

  private static void check(String field, Object value, boolean holds, String fix) {
    if (!holds) {
      throw ConfigException.of("evaluator.gate." + field, value, fix);
    }
  }
}
