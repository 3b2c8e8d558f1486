package dev.tributary.evaluator.gate;

import dev.tributary.schemas.Verdict;
import java.util.Locale;

/**
 * The main reason of a verdict, as a code for metrics and alerts. In falling order of weight: the
 * first that applies is named.
 */
public enum GateReason {
  /** The adapter's bytes are missing, changed or not an adapter of this base model's shape. */
  CORRUPT_ARTIFACT(Verdict.FAILED),
  /** It was trained on another base model. */
  WRONG_BASE(Verdict.FAILED),
  /** Scoring broke down on it. */
  SCORING_FAILED(Verdict.FAILED),
  /** A loss is infinite or not a number. */
  LOSS_NOT_FINITE(Verdict.FAILED),
  /** A retained slice is worse than the current release by more than the policy allows. */
  REGRESSION(Verdict.FAILED),
  /** A retained slice is worse than the best release ever by more than the policy allows. */
  REGRESSION_SINCE_BEST(Verdict.FAILED),
  /** Answers are worse than those of the current release or the base model, whatever the loss. */
  ANSWERS_WORSE(Verdict.FAILED),
  /** A fresh slice is not better by what the policy asks. */
  NOT_BETTER(Verdict.FAILED),
  /** What was told is not answered as told. */
  TOLD_NOT_LEARNT(Verdict.FAILED),
  /** A slice has too few records, and there is no other evidence. */
  TOO_FEW_RECORDS(Verdict.INCONCLUSIVE),
  /** The records point the right way but do not prove it. */
  UNCERTAIN(Verdict.INCONCLUSIVE),
  /** The release to compare with could not be loaded. */
  REFERENCE_UNAVAILABLE(Verdict.INCONCLUSIVE),
  /** A newer candidate came before the verdict was final. */
  SUPERSEDED(Verdict.INCONCLUSIVE),
  /** All that was asked holds. */
  PASSED(Verdict.PASSED);

  private final Verdict verdict;

  GateReason(Verdict verdict) {
    this.verdict = verdict;
  }

  /** The verdict this reason leads to. */
  public Verdict verdict() {
    return verdict;
  }

  /** Lower-case name for labels, such as {@code corrupt_artifact}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
