package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.Evidence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Asks whether a candidate is better at what it was taught. The strongest evidence that can decide
 * does: held-out records; for slices these leave open, records that came after the candidate was
 * cut; else what it was told. What is provably worse fails in any case.
 */
final class Improvement {

  private final GatePolicy policy;
  private final Requirements requirements;
  private final ToldRequirement told;

  Improvement(GatePolicy policy, Requirements requirements) {
    this.policy = policy;
    this.requirements = requirements;
    this.told = new ToldRequirement(policy);
  }

  /**
   * What was found on fresh slices.
   *
   * @param judged empty when nothing new is known at all
   * @param onTold whether what was told decided for the candidate
   */
  record Outcome(List<JudgedSlice> judged, boolean onTold) {}

  Outcome judge(List<SliceScores> fresh, Rivals rivals) {
    List<JudgedSlice> heldOut = judgeHeldOut(with(fresh, Evidence.HELD_OUT), rivals);
    List<SliceScores> unseen = with(fresh, Evidence.UNSEEN);
    List<SliceScores> toldSlices = with(fresh, Evidence.TOLD);
    if (!heldOut.isEmpty() && heldOut.stream().allMatch(this::isDecided)) {
      List<JudgedSlice> judged = new ArrayList<>(heldOut);
      judged.addAll(watch(unseen, rivals));
      judged.addAll(watch(toldSlices, rivals));
      return new Outcome(judged, false);
    }
    Set<String> decided = decidedSlices(heldOut);
    List<SliceScores> openUnseen = without(unseen, decided);
    List<SliceScores> openTold = without(toldSlices, decided);
    if (!openUnseen.isEmpty()) {
      JudgedSlice together = JudgedSlice.of(pool(openUnseen), better(rivals));
      if (requirements.isProven(together.finding())) {
        return decidedBy(
            together, "records that came after it", heldOut, unseen, toldSlices, rivals, false);
      }
    }
    if (!openTold.isEmpty()) {
      JudgedSlice together =
          JudgedSlice.of(pool(openTold), slice -> told.answeredAsTold(slice, rivals.reference()));
      return decidedBy(
          together,
          "what was told",
          heldOut,
          unseen,
          toldSlices,
          rivals,
          together.finding().isMet());
    }
    List<JudgedSlice> judged = new ArrayList<>(heldOut);
    judged.addAll(watch(unseen, rivals));
    judged.addAll(watch(toldSlices, rivals));
    return new Outcome(heldOut.isEmpty() ? List.of() : judged, false);
  }

  /** Weaker evidence has decided, so what held-out records leave open is only watched. */
  private Outcome decidedBy(
      JudgedSlice together,
      String evidence,
      List<JudgedSlice> heldOut,
      List<SliceScores> unseen,
      List<SliceScores> toldSlices,
      Rivals rivals,
      boolean onTold) {
    List<JudgedSlice> judged = new ArrayList<>(List.of(together));
    for (JudgedSlice slice : heldOut) {
      if (isDecided(slice)) {
        judged.add(slice);
      } else {
        JudgedSlice watched = JudgedSlice.of(slice.scores(), watch(rivals));
        judged.add(watched.finding().isFailed() ? watched : slice.settledBy(evidence));
      }
    }
    String name = together.scores().slice();
    List<SliceScores> others = new ArrayList<>(unseen);
    others.addAll(toldSlices);
    others.removeIf(
        slice -> slice.slice().equals(name) && slice.evidence() == together.scores().evidence());
    judged.addAll(watch(others, rivals));
    return new Outcome(judged, onTold);
  }

  private List<JudgedSlice> judgeHeldOut(List<SliceScores> heldOut, Rivals rivals) {
    Function<SliceScores, Finding> better = better(rivals);
    if (policy.freshScope() == FreshScope.POOLED && heldOut.size() > 1) {
      List<JudgedSlice> judged = new ArrayList<>();
      judged.add(JudgedSlice.of(SliceScores.pool(Gate.ALL_FRESH, heldOut), better));
      judged.addAll(watch(heldOut, rivals));
      return judged;
    }
    List<JudgedSlice> judged =
        SmallSlices.judgeTogether(
            heldOut, Gate.SMALL_FRESH, policy.minFreshRecords(), better, watch(rivals));
    boolean noneTested =
        heldOut.stream().allMatch(slice -> slice.records() < policy.minFreshRecords())
            && judged.size() == heldOut.size();
    return noneTested
        ? heldOut.stream().map(slice -> JudgedSlice.of(slice, better)).toList()
        : judged;
  }

  private boolean isDecided(JudgedSlice slice) {
    return requirements.isProven(slice.finding());
  }

  /**
   * Slices that held-out records have decided. A pool that is open leaves all of its slices open,
   * although each of them passed as watched.
   */
  private Set<String> decidedSlices(List<JudgedSlice> heldOut) {
    boolean poolIsOpen =
        heldOut.stream()
            .anyMatch(slice -> Gate.isPoolName(slice.scores().slice()) && !isDecided(slice));
    Set<String> decided = new HashSet<>();
    for (JudgedSlice slice : heldOut) {
      boolean isTestedAlone =
          policy.freshScope() == FreshScope.SLICE
              && slice.scores().records() >= policy.minFreshRecords();
      if (isDecided(slice) && (isTestedAlone || !poolIsOpen)) {
        decided.add(slice.scores().slice());
      }
    }
    return decided;
  }

  private Function<SliceScores, Finding> better(Rivals rivals) {
    return slice -> requirements.better(Question.of(slice, slice.reference(), rivals.reference()));
  }

  private Function<SliceScores, Finding> watch(Rivals rivals) {
    return slice ->
        requirements.notProvablyWorse(
            Question.of(slice, slice.reference(), rivals.reference()), GateReason.REGRESSION);
  }

  private List<JudgedSlice> watch(List<SliceScores> slices, Rivals rivals) {
    return slices.stream().map(slice -> JudgedSlice.of(slice, watch(rivals))).toList();
  }

  private static SliceScores pool(List<SliceScores> slices) {
    return slices.size() == 1 ? slices.getFirst() : SliceScores.pool(Gate.ALL_FRESH, slices);
  }

  private static List<SliceScores> with(List<SliceScores> slices, Evidence evidence) {
    return slices.stream()
        .filter(slice -> slice.evidence() == evidence)
        .filter(slice -> evidence == Evidence.HELD_OUT || slice.records() > 0)
        .toList();
  }

  private static List<SliceScores> without(List<SliceScores> slices, Set<String> names) {
    return slices.stream().filter(slice -> !names.contains(slice.slice())).toList();
  }
}
