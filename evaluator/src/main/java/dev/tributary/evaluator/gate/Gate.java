package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.SliceRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Decides whether a candidate may answer: fresh slices must be better than the release that answers
 * now, and no retained slice may be worse than it, nor than the best release ever. A failure
 * outweighs an open question, an open question a success.
 *
 * <p>Slices with too few records for a test of their own are tested together. Where even those are
 * too few, they are watched: they fail only if they are provably worse. Immutable; safe for any
 * thread.
 */
public final class Gate {

  /** Name under which small retained slices are tested together. */
  public static final String SMALL_RETAINED = "(small slices)";

  /** Name under which small fresh slices are tested together. */
  public static final String SMALL_FRESH = "(small fresh slices)";

  /** Name under which all fresh records are tested together, where the policy says so. */
  public static final String ALL_FRESH = "(all fresh)";

  private final GatePolicy policy;
  private final Requirements requirements;

  public Gate(GatePolicy policy) {
    this.policy = policy;
    this.requirements = new Requirements(policy);
  }

  /** Whether a result is about several slices taken together. */
  public static boolean isPoolName(String slice) {
    return slice.equals(SMALL_RETAINED) || slice.equals(SMALL_FRESH) || slice.equals(ALL_FRESH);
  }

  /**
   * @param slices each slice at most once per role; a fresh one may have no records
   */
  public GateDecision decide(List<SliceScores> slices, Rivals rivals) {
    for (SliceScores slice : slices) {
      if (!slice.candidate().isFinite()) {
        return GateDecision.without(
            GateReason.LOSS_NOT_FINITE,
            "the candidate's loss on slice " + slice.slice() + " is infinite or not a number");
      }
    }
    List<JudgedSlice> judged =
        new ArrayList<>(judgeFresh(withRole(slices, SliceRole.FRESH), rivals));
    boolean nothingNew = judged.isEmpty();
    judged.addAll(judgeRetained(withRole(slices, SliceRole.RETAINED), rivals));
    return nothingNew
        ? new GateDecision(
            GateReason.TOO_FEW_RECORDS,
            List.of("no held-out record has arrived since " + rivals.reference() + " was gated"),
            results(judged))
        : conclude(judged);
  }

  private List<JudgedSlice> judgeFresh(List<SliceScores> fresh, Rivals rivals) {
    Function<SliceScores, Finding> better =
        slice ->
            requirements.better(slice.candidate().minus(slice.reference()), rivals.reference());
    Function<SliceScores, Finding> watch =
        slice ->
            requirements.notProvablyWorse(
                slice.candidate().minus(slice.reference()),
                rivals.reference(),
                GateReason.REGRESSION);
    if (policy.freshScope() == FreshScope.POOLED && fresh.size() > 1) {
      List<JudgedSlice> judged = new ArrayList<>();
      judged.add(judge(SliceScores.pool(ALL_FRESH, SliceRole.FRESH, fresh), better));
      fresh.forEach(slice -> judged.add(judge(slice, watch)));
      return judged;
    }
    List<JudgedSlice> judged =
        judgeSmallTogether(fresh, SMALL_FRESH, policy.minFreshRecords(), better, watch);
    boolean noneTested =
        fresh.stream().allMatch(slice -> slice.records() < policy.minFreshRecords())
            && judged.size() == fresh.size();
    return noneTested ? fresh.stream().map(slice -> judge(slice, better)).toList() : judged;
  }

  private List<JudgedSlice> judgeRetained(List<SliceScores> retained, Rivals rivals) {
    return judgeSmallTogether(
        retained,
        SMALL_RETAINED,
        policy.minRetainedRecords(),
        slice -> againstBoth(slice, rivals, requirements::notWorse),
        slice -> againstBoth(slice, rivals, requirements::notProvablyWorse));
  }

  /** Tests large slices one by one and the small ones as one, if they are enough together. */
  private static List<JudgedSlice> judgeSmallTogether(
      List<SliceScores> slices,
      String poolName,
      int minRecords,
      Function<SliceScores, Finding> test,
      Function<SliceScores, Finding> watch) {
    List<JudgedSlice> judged = new ArrayList<>();
    List<SliceScores> small = new ArrayList<>();
    for (SliceScores slice : slices) {
      if (slice.records() >= minRecords) {
        judged.add(judge(slice, test));
      } else {
        small.add(slice);
      }
    }
    if (small.stream().mapToInt(SliceScores::records).sum() >= minRecords) {
      judged.add(judge(SliceScores.pool(poolName, small.getFirst().role(), small), test));
    }
    small.forEach(slice -> judged.add(judge(slice, watch)));
    return judged;
  }

  private static Finding againstBoth(SliceScores slice, Rivals rivals, Requirement question) {
    Finding sinceReference =
        question.ask(
            slice.candidate().minus(slice.reference()), rivals.reference(), GateReason.REGRESSION);
    return slice
        .best()
        .map(slice.candidate()::minus)
        .map(since -> question.ask(since, rivals.best(), GateReason.REGRESSION_SINCE_BEST))
        .map(sinceReference::orWorse)
        .orElse(sinceReference);
  }

  private static GateDecision conclude(List<JudgedSlice> judged) {
    GateReason reason =
        judged.stream()
            .map(slice -> slice.finding().reason())
            .min(Comparator.naturalOrder())
            .orElseThrow();
    List<String> explanations =
        judged.stream()
            .filter(slice -> slice.finding().reason().verdict() == reason.verdict())
            .map(JudgedSlice::words)
            .toList();
    return new GateDecision(reason, explanations, results(judged));
  }

  private static List<SliceResult> results(List<JudgedSlice> judged) {
    return judged.stream().map(JudgedSlice::toResult).toList();
  }

  private static JudgedSlice judge(SliceScores slice, Function<SliceScores, Finding> question) {
    return new JudgedSlice(slice, question.apply(slice));
  }

  private static List<SliceScores> withRole(List<SliceScores> slices, SliceRole role) {
    return slices.stream().filter(slice -> slice.role() == role).toList();
  }

  /** One of the {@link Requirements} that can be asked about either rival. */
  @FunctionalInterface
  private interface Requirement {
    Finding ask(double[] differences, String other, GateReason failure);
  }
}
