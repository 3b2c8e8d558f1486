package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Decides whether a candidate may answer: it must be better than the release that answers now at
 * what it was taught, no retained slice may be worse than with that release, nor than with the best
 * release ever, and its answers must be no worse than theirs. A failure outweighs an open question,
 * an open question a success.
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

  /** Name under which all fresh records of a kind are tested together. */
  public static final String ALL_FRESH = "(all fresh)";

  private final GatePolicy policy;
  private final Requirements requirements;
  private final Improvement improvement;
  private final AnswerRequirement answers;

  public Gate(GatePolicy policy) {
    this.policy = policy;
    this.requirements = new Requirements(policy);
    this.improvement = new Improvement(policy, requirements);
    this.answers = new AnswerRequirement(policy);
  }

  /** Whether a result is about several slices taken together. */
  public static boolean isPoolName(String slice) {
    return slice.equals(SMALL_RETAINED) || slice.equals(SMALL_FRESH) || slice.equals(ALL_FRESH);
  }

  /**
   * @param slices each slice at most once per role and kind of evidence; a fresh one may have no
   *     records
   */
  public GateDecision decide(List<SliceScores> slices, Rivals rivals) {
    for (SliceScores slice : slices) {
      if (!slice.candidate().isFinite()) {
        return GateDecision.without(
            GateReason.LOSS_NOT_FINITE,
            "the candidate's loss on slice " + slice.slice() + " is infinite or not a number");
      }
    }
    Improvement.Outcome fresh = improvement.judge(withRole(slices, SliceRole.FRESH), rivals);
    List<JudgedSlice> judged = new ArrayList<>(fresh.judged());
    for (JudgedSlice slice : judgeRetained(withRole(slices, SliceRole.RETAINED), rivals)) {
      judged.add(fresh.toldIsMet() ? unlessProvablyWorse(slice, rivals) : slice);
    }
    return conclude(judged, fresh.nothingNew(), answers.judge(slices, rivals), rivals);
  }

  /**
   * Beside what was told, few records cannot be asked to prove that nothing was lost, only fail to
   * show that something was; the answers are looked at in any case.
   */
  private JudgedSlice unlessProvablyWorse(JudgedSlice slice, Rivals rivals) {
    if (slice.finding().isMet()) {
      return slice;
    }
    Finding watched = againstBoth(slice.scores(), rivals, requirements::notProvablyWorse);
    return watched.isFailed() ? slice : slice.settledBy("what was told");
  }

  private List<JudgedSlice> judgeRetained(List<SliceScores> retained, Rivals rivals) {
    List<JudgedSlice> judged = new ArrayList<>();
    for (Evidence evidence : List.of(Evidence.HELD_OUT, Evidence.TOLD)) {
      judged.addAll(
          SmallSlices.judgeTogether(
              retained.stream().filter(slice -> slice.evidence() == evidence).toList(),
              SMALL_RETAINED,
              policy.minRetainedRecords(),
              slice -> againstBoth(slice, rivals, requirements::notWorse),
              slice -> againstBoth(slice, rivals, requirements::notProvablyWorse)));
    }
    retained.stream()
        .filter(slice -> slice.evidence() == Evidence.RECALL)
        .map(slice -> JudgedSlice.of(slice, byAnswersAlone(rivals)))
        .forEach(judged::add);
    return judged;
  }

  /** The base's own wording is no truth: a higher loss on it says nothing. */
  private Function<SliceScores, Finding> byAnswersAlone(Rivals rivals) {
    return slice -> {
      Finding watched =
          requirements.notProvablyWorse(
              Question.of(slice, slice.reference(), rivals.reference()), GateReason.REGRESSION);
      return new Finding(
          GateReason.PASSED,
          watched.interval(),
          "is judged by answers alone, on "
              + Question.count(slice.records(), "question of the base's own"));
    };
  }

  private static Finding againstBoth(SliceScores slice, Rivals rivals, Requirement requirement) {
    Finding sinceReference =
        requirement.ask(
            Question.of(slice, slice.reference(), rivals.reference()), GateReason.REGRESSION);
    return slice
        .best()
        .map(best -> Question.of(slice, best, rivals.best()))
        .map(question -> requirement.ask(question, GateReason.REGRESSION_SINCE_BEST))
        .map(sinceReference::orWorse)
        .orElse(sinceReference);
  }

  private static GateDecision conclude(
      List<JudgedSlice> judged, boolean nothingNew, List<Finding> answers, Rivals rivals) {
    List<Reasoned> reasons =
        Stream.concat(
                judged.stream().map(slice -> new Reasoned(slice.finding().reason(), slice.words())),
                answers.stream().map(finding -> new Reasoned(finding.reason(), finding.words())))
            .toList();
    GateReason reason =
        reasons.stream()
            .map(Reasoned::reason)
            .min(Comparator.naturalOrder())
            .orElse(GateReason.TOO_FEW_RECORDS);
    List<SliceResult> results = judged.stream().map(JudgedSlice::toResult).toList();
    if (nothingNew && reason.verdict() != Verdict.FAILED) {
      return new GateDecision(
          GateReason.TOO_FEW_RECORDS,
          List.of(
              "no record that could show an improvement has arrived since %s was gated"
                  .formatted(rivals.reference())),
          results);
    }
    return new GateDecision(
        reason,
        reasons.stream()
            .filter(each -> each.reason().verdict() == reason.verdict())
            .map(Reasoned::words)
            .toList(),
        results);
  }

  private static List<SliceScores> withRole(List<SliceScores> slices, SliceRole role) {
    return slices.stream().filter(slice -> slice.role() == role).toList();
  }

  private record Reasoned(GateReason reason, String words) {}

  /** One of the {@link Requirements} that can be asked about either rival. */
  @FunctionalInterface
  private interface Requirement {
    Finding ask(Question question, GateReason failure);
  }
}
