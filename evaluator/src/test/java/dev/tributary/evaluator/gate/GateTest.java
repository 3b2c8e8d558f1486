package dev.tributary.evaluator.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.score.Answer;
import dev.tributary.evaluator.score.ModelScores;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final Rivals RIVALS = new Rivals("acme.support@v3", "acme.support@v1");
  private static final double LOSS = 2.0;

  private final GatePolicy policy = GatePolicy.defaults();

  @Test
  void passesWhenFreshIsBetterAndRetainedIsNotWorse() {
    GateDecision decision = decide(fresh("returns", 20, -0.4), retained("shipping", 40, 0.0));

    assertEquals(GateReason.PASSED, decision.reason());
    assertEquals(Verdict.PASSED, decision.verdict());
    assertEquals(5, decision.explanations().size());
    String words = decision.explanations().getFirst();
    assertTrue(words.startsWith("returns is better by 0.4"), words);
    assertTrue(words.contains("than acme.support@v3 on 20 new held-out records"), words);
    assertTrue(decision.slices().stream().allMatch(SliceResult::getPassed));
  }

  @Test
  void failsWhenARetainedSliceIsWorseThanTheReference() {
    GateDecision decision =
        decide(fresh("returns", 20, -0.4), retained("shipping", 40, 0.3), retained("tax", 40, 0));

    assertEquals(GateReason.REGRESSION, decision.reason());
    assertEquals(Verdict.FAILED, decision.verdict());
    assertEquals(1, decision.explanations().size());
    String words = decision.explanations().getFirst();
    assertTrue(words.startsWith("shipping is worse by 0.3"), words);
    assertTrue(words.endsWith("at most 0.050 nats a token is allowed"), words);
    assertFalse(result(decision, "shipping").getPassed());
    assertTrue(result(decision, "tax").getPassed());
  }

  @Test
  void failsWhenSmallStepsHaveLedAwayFromTheBestRelease() {
    // given a candidate as good as the current release, which itself is worse than an older one
    SliceScores shipping = retained("shipping", 40, 0.0, -0.2);

    GateDecision decision = decide(fresh("returns", 20, -0.4), shipping);

    assertEquals(GateReason.REGRESSION_SINCE_BEST, decision.reason());
    assertTrue(decision.explanations().getFirst().contains("acme.support@v1"));
  }

  @Test
  void failsWhenFreshIsNotBetter() {
    GateDecision decision = decide(fresh("returns", 20, 0.05), retained("shipping", 40, 0.0));

    assertEquals(GateReason.NOT_BETTER, decision.reason());
    assertEquals(Verdict.FAILED, decision.verdict());
  }

  @Test
  void failsWhenNothingChanges() {
    // given an adapter that does nothing: no improvement is not an improvement
    GateDecision decision = decide(exactly("returns", SliceRole.FRESH, 20, 0.0));

    assertEquals(GateReason.NOT_BETTER, decision.reason());
  }

  @Test
  void asksForTheDeclaredImprovement() {
    Gate strict = new Gate(policy(0.5, null, null));

    GateDecision decision = strict.decide(List.of(fresh("returns", 20, -0.4)), RIVALS);

    assertEquals(GateReason.NOT_BETTER, decision.reason());
    assertTrue(
        decision.explanations().getFirst().endsWith("more than 0.500 nats a token was asked"));
  }

  @Test
  void waitsWhenFreshRecordsAreTooFew() {
    GateDecision decision = decide(fresh("returns", 3, -0.4), retained("shipping", 40, 0.0));

    assertEquals(GateReason.TOO_FEW_RECORDS, decision.reason());
    assertEquals(Verdict.INCONCLUSIVE, decision.verdict());
    assertEquals(
        List.of("returns has 3 of 8 new held-out records needed"), decision.explanations());
  }

  @Test
  void waitsWhenATaughtSliceHasNoRecords() {
    GateDecision decision = decide(fresh("returns", 0, 0));

    assertEquals(GateReason.TOO_FEW_RECORDS, decision.reason());
    assertEquals(0, result(decision, "returns").getRecords());
  }

  @Test
  void waitsWhenNothingNewHasArrived() {
    GateDecision decision = decide(retained("shipping", 40, 0.0));

    assertEquals(GateReason.TOO_FEW_RECORDS, decision.reason());
    assertTrue(decision.explanations().getFirst().contains("since acme.support@v3 was gated"));
  }

  @Test
  void waitsWhenTheRecordsDoNotProveAnImprovement() {
    // given a small mean improvement under a large spread
    GateDecision decision = decide(noisy("returns", SliceRole.FRESH, 12, -0.1, 1.0));

    assertEquals(GateReason.UNCERTAIN, decision.reason());
    String words = decision.explanations().getFirst();
    assertTrue(words.contains("not proven yet; about "), words);
  }

  @Test
  void waitsWhenTheRecordsDoNotProveThatNothingWasLost() {
    GateDecision decision =
        decide(fresh("returns", 20, -0.4), noisy("shipping", SliceRole.RETAINED, 10, 0.02, 0.5));

    assertEquals(GateReason.UNCERTAIN, decision.reason());
  }

  @Test
  void aFailureOutweighsAnOpenQuestion() {
    GateDecision decision = decide(fresh("returns", 2, -0.4), retained("shipping", 40, 0.3));

    assertEquals(GateReason.REGRESSION, decision.reason());
  }

  @Test
  void smallRetainedSlicesAreTestedTogether() {
    // given three slices of five records, each worse
    GateDecision decision =
        decide(
            fresh("returns", 20, -0.4),
            retained("a", 5, 0.3),
            retained("b", 5, 0.3),
            retained("c", 5, 0.3));

    assertEquals(GateReason.REGRESSION, decision.reason());
    assertEquals(15, result(decision, Gate.SMALL_RETAINED).getRecords());
    assertTrue(decision.explanations().stream().anyMatch(w -> w.startsWith(Gate.SMALL_RETAINED)));
  }

  @Test
  void aSingleStrayRecordCannotHoldUpARelease() {
    GateDecision decision = decide(fresh("returns", 20, -0.4), retained("typo", 1, 0.9));

    assertEquals(GateReason.PASSED, decision.reason());
    assertTrue(result(decision, "typo").getReason().contains("too few to prove more"));
  }

  @Test
  void aSmallSliceThatIsProvablyWorseFails() {
    GateDecision decision =
        decide(fresh("returns", 20, -0.4), exactly("tiny", SliceRole.RETAINED, 3, 0.8));

    assertEquals(GateReason.REGRESSION, decision.reason());
  }

  @Test
  void smallFreshSlicesAreTestedTogether() {
    GateDecision decision = decide(fresh("a", 5, -0.4), fresh("b", 5, -0.4));

    assertEquals(GateReason.PASSED, decision.reason());
    assertEquals(10, result(decision, Gate.SMALL_FRESH).getRecords());
  }

  @Test
  void pooledScopeAsksForImprovementAsAWhole() {
    Gate pooled = new Gate(policy(null, null, FreshScope.POOLED));
    List<SliceScores> slices = List.of(fresh("a", 20, -0.4), fresh("b", 20, 0.02));

    assertEquals(GateReason.NOT_BETTER, new Gate(policy).decide(slices, RIVALS).reason());
    GateDecision decision = pooled.decide(slices, RIVALS);
    assertEquals(GateReason.PASSED, decision.reason());
    assertEquals(40, result(decision, Gate.ALL_FRESH).getRecords());
  }

  @Test
  void pooledScopeStillRefusesAFreshSliceThatGotWorse() {
    Gate pooled = new Gate(policy(null, null, FreshScope.POOLED));

    GateDecision decision =
        pooled.decide(List.of(fresh("a", 40, -2.0), fresh("b", 20, 0.5)), RIVALS);

    assertEquals(GateReason.REGRESSION, decision.reason());
  }

  @Test
  void failsOnALossThatIsNotANumber() {
    ModelScores bad = new ModelScores(new double[] {1, Double.NaN}, List.of());
    ModelScores good = new ModelScores(new double[] {1, 1}, List.of());

    GateDecision decision =
        decide(
            new SliceScores(
                "returns",
                SliceRole.FRESH,
                Evidence.HELD_OUT,
                List.of(),
                good,
                good,
                bad,
                Optional.empty()));

    assertEquals(GateReason.LOSS_NOT_FINITE, decision.reason());
    assertEquals(Verdict.FAILED, decision.verdict());
  }

  @Test
  void resultsCarryTheNumbers() {
    SliceResult result = result(decide(exactly("returns", SliceRole.FRESH, 10, -0.25)), "returns");

    assertEquals(SliceRole.FRESH, result.getRole());
    assertEquals(10, result.getRecords());
    assertEquals(LOSS, result.getLossReference(), 1e-12);
    assertEquals(LOSS - 0.25, result.getLossCandidate(), 1e-12);
    assertEquals(-0.25, result.getDelta(), 1e-12);
    assertEquals(-0.25, result.getCiHigh(), 1e-12);
    assertEquals(0.5, result.getExactMatchCandidate());
    assertEquals(0.75, result.getF1Candidate());
  }

  @Test
  void reasonsAreOrderedByTheWeightOfTheirVerdict() {
    List<Verdict> verdicts = Arrays.stream(GateReason.values()).map(GateReason::verdict).toList();

    assertTrue(
        verdicts.lastIndexOf(Verdict.FAILED) < verdicts.indexOf(Verdict.INCONCLUSIVE)
            && verdicts.lastIndexOf(Verdict.INCONCLUSIVE) < verdicts.indexOf(Verdict.PASSED));
  }

  @Test
  void aCandidateAtTheMarginPassesInAboutOneCaseOfTwenty() {
    // given true retained regressions exactly at the allowed margin
    SplittableRandom random = new SplittableRandom(5);
    int passed = 0;
    for (int i = 0; i < 1_000; i++) {
      SliceScores slice =
          drawn("shipping", SliceRole.RETAINED, 60, policy.maxRegression(), 0.2, random);
      if (decide(exactly("returns", SliceRole.FRESH, 20, -1), slice).reason()
          == GateReason.PASSED) {
        passed++;
      }
    }
    assertTrue(passed > 30 && passed < 75, "passed " + passed + " of 1000");
  }

  private GateDecision decide(SliceScores... slices) {
    return new Gate(policy).decide(List.of(slices), RIVALS);
  }

  private static SliceResult result(GateDecision decision, String slice) {
    return decision.slices().stream()
        .filter(result -> result.getSlice().equals(slice))
        .findFirst()
        .orElseThrow();
  }

  private static GatePolicy policy(Double minImprovement, Double maxRegression, FreshScope scope) {
    return new GatePolicy(
        minImprovement,
        maxRegression,
        null,
        null,
        null,
        null,
        null,
        scope,
        null,
        null,
        null,
        null,
        null);
  }

  private static SliceScores fresh(String slice, int records, double delta) {
    return noisy(slice, SliceRole.FRESH, records, delta, 0.02);
  }

  private static SliceScores retained(String slice, int records, double delta) {
    return noisy(slice, SliceRole.RETAINED, records, delta, 0.02);
  }

  private static SliceScores retained(String slice, int records, double delta, double bestDelta) {
    SliceScores scores = retained(slice, records, delta);
    double[] best = Arrays.stream(scores.reference().losses()).map(l -> l + bestDelta).toArray();
    return new SliceScores(
        slice,
        SliceRole.RETAINED,
        Evidence.HELD_OUT,
        List.of(),
        scores.base(),
        scores.reference(),
        scores.candidate(),
        Optional.of(new ModelScores(best, List.of())));
  }

  private static SliceScores exactly(String slice, SliceRole role, int records, double delta) {
    return noisy(slice, role, records, delta, 0);
  }

  /**
   * Differences alternate around the mean, so that the sample mean is the wanted one (for even
   * counts).
   */
  private static SliceScores noisy(
      String slice, SliceRole role, int records, double delta, double spread) {
    double[] reference = new double[records];
    Arrays.fill(reference, LOSS);
    double[] candidate = new double[records];
    Arrays.setAll(candidate, i -> LOSS + delta + (i % 2 == 0 ? spread : -spread));
    return scores(slice, role, reference, candidate);
  }

  private static SliceScores drawn(
      String slice,
      SliceRole role,
      int records,
      double delta,
      double spread,
      SplittableRandom random) {
    double[] reference = new double[records];
    double[] candidate = new double[records];
    for (int i = 0; i < records; i++) {
      reference[i] = LOSS + random.nextGaussian();
      candidate[i] = reference[i] + delta + spread * random.nextGaussian();
    }
    return scores(slice, role, reference, candidate);
  }

  private static SliceScores scores(
      String slice, SliceRole role, double[] reference, double[] candidate) {
    // of the answers half are right, and none changes
    List<Answer> answers =
        List.of(new Answer("14 days", true, 1), new Answer("about 14 days", false, 0.5));
    return new SliceScores(
        slice,
        role,
        Evidence.HELD_OUT,
        List.of(),
        new ModelScores(reference, answers),
        new ModelScores(reference, answers),
        new ModelScores(candidate, answers),
        Optional.empty());
  }
}
