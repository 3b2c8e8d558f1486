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
import java.util.stream.IntStream;
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

  @Test
  void oneToldRecordThatIsAnsweredAsToldIsEnough() {
    GateDecision decision =
        decide(fresh("returns", 0, 0), told(1, 0, 1, -0.4), retained("shipping", 40, 0.0));

    assertEquals(GateReason.PASSED, decision.reason());
    String words = decision.explanations().getFirst();
    assertTrue(words.contains("on 1 told record; 1 of 1 answered as told"), words);
    assertEquals(1, result(decision, "faq").getAnswersGained());
    assertEquals(Evidence.TOLD, result(decision, "faq").getEvidence());
  }

  @Test
  void failsWhenWhatWasToldIsNotAnsweredAsTold() {
    GateDecision decision = decide(fresh("returns", 0, 0), told(10, 0, 7, -2.0));

    assertEquals(GateReason.TOLD_NOT_LEARNT, decision.reason());
    String words = decision.explanations().getFirst();
    assertTrue(
        words.endsWith("7 of 10 answered as told, 7 gained and 0 lost; 8 are needed"), words);
  }

  @Test
  void failsWhenWhatWasToldIsAnsweredRightlyLessOftenThanBefore() {
    GateDecision decision = decide(told(10, 10, 9, -0.4));

    assertEquals(GateReason.ANSWERS_WORSE, decision.reason());
  }

  @Test
  void failsWhenWhatWasToldIsNotLikelierThanBefore() {
    assertEquals(GateReason.TOLD_NOT_LEARNT, decide(told(4, 4, 4, 0.1)).reason());
  }

  @Test
  void heldOutRecordsThatDecideComeBeforeWhatWasTold() {
    // given a FAQ that cannot all be learnt by heart, and new questions answered better
    SliceScores heldOut = fresh("faq", 20, -0.4);

    assertEquals(GateReason.PASSED, decide(heldOut, told(10, 0, 3, -1)).reason());
  }

  @Test
  void uncertainHeldOutRecordsLeaveItToWhatWasTold() {
    SliceScores uncertain = noisy("faq", SliceRole.FRESH, 12, -0.1, 1.0);
    SliceScores unproven = noisy("faq", SliceRole.FRESH, 12, 0.05, 1.0);
    SliceScores open = noisy("shipping", SliceRole.RETAINED, 10, 0.02, 0.5);
    SliceScores told = told(10, 0, 10, -1);

    assertEquals(GateReason.PASSED, decide(uncertain, told).reason());
    assertEquals(GateReason.PASSED, decide(unproven, told).reason());
    GateDecision decision = decide(uncertain, told, open);
    assertEquals(GateReason.PASSED, decision.reason());
    assertTrue(result(decision, "shipping").getReason().endsWith("decided on what was told"));
  }

  @Test
  void provablyWorseRecordsAreNotOutweighedByWhatWasTold() {
    SliceScores told = told(10, 0, 10, -1);

    assertEquals(GateReason.NOT_BETTER, decide(fresh("faq", 20, 0.3), told).reason());
    assertEquals(
        GateReason.REGRESSION, decide(told, exactly("faq", SliceRole.FRESH, 3, 0.3)).reason());
    assertEquals(GateReason.REGRESSION, decide(told, retained("shipping", 40, 0.3)).reason());
  }

  @Test
  void recordsThatCameAfterTheCandidateDecideBeforeWhatWasTold() {
    SliceScores unseen = withEvidence(fresh("faq", 12, -0.4), Evidence.UNSEEN);

    GateDecision decision = decide(fresh("faq", 0, 0), unseen, told(10, 0, 3, -1));

    assertEquals(GateReason.PASSED, decision.reason());
    String words = decision.explanations().getFirst();
    assertTrue(words.contains("on 12 records that came after it"), words);
  }

  @Test
  void tooFewRecordsThatCameAfterLeaveItToWhatWasTold() {
    SliceScores unseen = withEvidence(fresh("faq", 3, -0.4), Evidence.UNSEEN);

    assertEquals(
        GateReason.TOLD_NOT_LEARNT,
        decide(fresh("faq", 0, 0), unseen, told(10, 0, 3, -1)).reason());
  }

  @Test
  void answersThatAreLostFailWhateverTheLoss() {
    // given one right answer lost of ten, and two of a hundred
    assertEquals(
        GateReason.ANSWERS_WORSE,
        decide(fresh("faq", 20, -1), answered(SliceRole.RETAINED, 10, 10, 9)).reason());
    assertEquals(
        GateReason.PASSED,
        decide(fresh("faq", 20, -1), answered(SliceRole.RETAINED, 100, 100, 98)).reason());
    GateDecision decision =
        decide(fresh("faq", 20, -1), answered(SliceRole.RETAINED, 100, 100, 97));
    assertEquals(GateReason.ANSWERS_WORSE, decision.reason());
    assertEquals(
        "of 100 retained answers, 3 right ones of acme.support@v3 are lost and 0 gained; at most 2"
            + " more may be lost than gained",
        decision.explanations().getFirst());
    assertEquals(3, result(decision, "answered").getAnswersLost());
  }

  @Test
  void tokenF1ThatFallsFailsThoughNoAnswerWasRight() {
    List<Answer> before = answers(40, 0, 0.8);
    List<Answer> after = answers(40, 0, 0.6);
    SliceScores garbled = answered(SliceRole.FRESH, before, after, before);

    GateDecision decision = decide(garbled);

    assertEquals(GateReason.ANSWERS_WORSE, decision.reason());
    assertTrue(
        decision.explanations().getFirst().contains("token F1 has fallen by 0.200"),
        decision.explanations().toString());
  }

  @Test
  void freshAnswersMayNotBeWorseThanThoseOfTheBaseEither() {
    // given a release that has lost answers already, and the base that gives them
    List<Answer> wrong = answers(20, 0, 0.5);
    SliceScores worse = answered(SliceRole.FRESH, wrong, wrong, answers(20, 20, 1));

    GateDecision decision = decide(worse);

    assertEquals(GateReason.ANSWERS_WORSE, decision.reason());
    assertTrue(
        decision.explanations().getFirst().contains("20 right ones of the base model are lost"));
    assertEquals(
        GateReason.PASSED,
        decide(
                withEvidence(
                    answered(SliceRole.FRESH, wrong, answers(20, 20, 1), wrong), Evidence.TOLD))
            .reason());
  }

  @Test
  void theBasesOwnQuestionsAreJudgedByAnswersAlone() {
    SliceScores recall = withEvidence(retained("(base)", 40, 3.0), Evidence.RECALL);

    assertEquals(GateReason.PASSED, decide(fresh("faq", 20, -1), recall).reason());
  }

  /** Told records of a slice of their own: so many right before, so many right after. */
  private static SliceScores told(int records, int before, int after, double delta) {
    SliceScores losses = fresh("faq", records, 0);
    double[] candidate = Arrays.stream(losses.reference().losses()).map(l -> l + delta).toArray();
    return new SliceScores(
        "faq",
        SliceRole.FRESH,
        Evidence.TOLD,
        List.of(),
        losses.base(),
        new ModelScores(losses.reference().losses(), answers(records, before, 0.5)),
        new ModelScores(candidate, answers(records, after, 0.5)),
        Optional.empty());
  }

  private static SliceScores answered(SliceRole role, int records, int before, int after) {
    return answered(role, answers(records, before, 0.5), answers(records, after, 0.5), List.of());
  }

  /** A slice that gets better in loss when it is fresh, and stays as it is when retained. */
  private static SliceScores answered(
      SliceRole role, List<Answer> before, List<Answer> after, List<Answer> ofBase) {
    SliceScores losses =
        noisy("answered", role, before.size(), role == SliceRole.FRESH ? -1 : 0, 0.02);
    return new SliceScores(
        "answered",
        role,
        Evidence.HELD_OUT,
        List.of(),
        new ModelScores(losses.base().losses(), ofBase),
        new ModelScores(losses.reference().losses(), before),
        new ModelScores(losses.candidate().losses(), after),
        Optional.empty());
  }

  private static List<Answer> answers(int count, int right, double f1OfWrong) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Answer("", i < right, i < right ? 1 : f1OfWrong))
        .toList();
  }

  private static SliceScores withEvidence(SliceScores slice, Evidence evidence) {
    return new SliceScores(
        slice.slice(),
        slice.role(),
        evidence,
        slice.answered(),
        slice.base(),
        slice.reference(),
        slice.candidate(),
        slice.best());
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
