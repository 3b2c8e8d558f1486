package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.Evidence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
  private final ToldRequirement toldRequirement;

  Improvement(GatePolicy policy, Requirements requirements) {
    this.policy = policy;
    this.requirements = requirements;
    this.toldRequirement = new ToldRequirement(policy);
  }

  /**
   * What was found on fresh slices.
   *
   * @param nothingNew whether there is no record that could show an improvement
   * @param toldIsMet whether there is something told, and it is answered as told
   */
  record Outcome(List<JudgedSlice> judged, boolean nothingNew, boolean toldIsMet) {}

  Outcome judge(List<SliceScores> fresh, Rivals rivals) {
    List<JudgedSlice> heldOut = judgeHeldOut(with(fresh, Evidence.HELD_OUT), rivals);
    List<SliceScores> weaker = new ArrayList<>(with(fresh, Evidence.UNSEEN));
    weaker.addAll(with(fresh, Evidence.TOLD));
    boolean isDecided = !heldOut.isEmpty() && heldOut.stream().allMatch(this::isDecided);
    List<SliceScores> open = isDecided ? weaker : without(weaker, decidedSlices(heldOut));
    Optional<JudgedSlice> told =
        together(
            with(open, Evidence.TOLD),
            slice -> toldRequirement.answeredAsTold(slice, rivals.reference()));
    Optional<JudgedSlice> deciding =
        isDecided
            ? Optional.empty()
            : together(with(open, Evidence.UNSEEN), better(rivals))
                .filter(this::isDecided)
                .or(() -> told);

    List<JudgedSlice> judged = new ArrayList<>(deciding.stream().toList());
    for (JudgedSlice slice : heldOut) {
      judged.add(
          deciding.isEmpty() || isDecided(slice) ? slice : leftTo(deciding.get(), slice, rivals));
    }
    weaker.stream()
        .filter(slice -> deciding.filter(by -> by.scores() == slice).isEmpty())
        .map(slice -> JudgedSlice.of(slice, watch(rivals)))
        .forEach(judged::add);
    return new Outcome(
        judged,
        heldOut.isEmpty() && deciding.isEmpty(),
        told.filter(slice -> slice.finding().isMet()).isPresent());
  }

  /** Weaker evidence has decided, so what held-out records leave open is only watched. */
  private JudgedSlice leftTo(JudgedSlice deciding, JudgedSlice open, Rivals rivals) {
    JudgedSlice watched = JudgedSlice.of(open.scores(), watch(rivals));
    return watched.finding().isFailed()
        ? watched
        : open.settledBy(
            deciding.scores().evidence() == Evidence.TOLD
                ? "what was told"
                : "records that came after it");
  }

  private List<JudgedSlice> judgeHeldOut(List<SliceScores> heldOut, Rivals rivals) {
    Function<SliceScores, Finding> better = better(rivals);
    if (policy.freshScope() == FreshScope.POOLED && heldOut.size() > 1) {
      List<JudgedSlice> judged = new ArrayList<>();
      judged.add(JudgedSlice.of(SliceScores.pool(Gate.ALL_FRESH, heldOut), better));
      heldOut.forEach(slice -> judged.add(JudgedSlice.of(slice, watch(rivals))));
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

  private static Optional<JudgedSlice> together(
      List<SliceScores> slices, Function<SliceScores, Finding> question) {
    return slices.isEmpty()
        ? Optional.empty()
        : Optional.of(
            JudgedSlice.of(
                slices.size() == 1 ? slices.getFirst() : SliceScores.pool(Gate.ALL_FRESH, slices),
                question));
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
