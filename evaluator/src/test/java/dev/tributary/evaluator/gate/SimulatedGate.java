package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.Answer;
import dev.tributary.evaluator.score.ModelScores;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * How often the gate errs: draws the records of many comparisons with a candidate whose quality is
 * known, and asks the real gate with its default policy.
 */
final class SimulatedGate {

  private static final Rivals RIVALS = new Rivals("shop.support@v3", "no release");
  private static final int RECALL = 64;
  private static final int SCORED_TOLD = 128;
  private static final int ANSWERED_TOLD = 64;
  private static final int ANSWERED_HELD_OUT = 16;

  /** What improvement is shown on. */
  enum Shown {
    TOLD("what was told"),
    HELD_OUT("held-out records"),
    BOTH("both");

    private final String words;

    Shown(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /**
   * A kind of candidate.
   *
   * @param isGood whether it should pass
   * @param isDeclared whether the gate promises to be right about it on few records too
   * @param freshLoss true mean difference on fresh records; a record's own differs by 0.5
   * @param toldRight chance that a told record is answered as told; before, one in ten was
   * @param freshLost chance that a right answer to a fresh held-out record is lost; before, half
   *     were right
   * @param retainedLoss true mean difference on retained records; a record's own differs by 0.05
   *     where it was told, by 0.1 where held out
   * @param retainedLost chance that a right answer to a retained record is lost; before, nine in
   *     ten were right
   */
  record Kind(
      String name,
      boolean isGood,
      boolean isDeclared,
      double freshLoss,
      double toldRight,
      double freshLost,
      double retainedLoss,
      double retainedLost) {}

  static final List<Kind> KINDS =
      List.of(
          new Kind("good, loses 1 right answer of 200", true, true, -1, 0.99, 0.005, 0, 0.005),
          new Kind("good, loses 1 of 100", true, false, -1, 0.99, 0.01, 0, 0.01),
          new Kind("no improvement", false, true, 0, 0.1, 0.005, 0, 0.005),
          new Kind("better loss, garbage for answers", false, true, -1, 0.2, 0.8, 0, 0.2),
          new Kind("learnt, but loses 1 of 10", false, true, -1, 0.99, 0.1, 0, 0.1),
          new Kind("learnt, but loses 1 of 20", false, false, -1, 0.99, 0.05, 0, 0.05),
          new Kind(
              "learnt, but loss 0.2 worse elsewhere", false, false, -1, 0.99, 0.005, 0.2, 0.005));

  private final Gate gate = new Gate(GatePolicy.defaults());
  private final SplittableRandom random;

  SimulatedGate(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Share of comparisons in which such a candidate passes. */
  double passes(Kind kind, Shown shown, int records, int comparisons) {
    int passed = 0;
    for (int i = 0; i < comparisons; i++) {
      if (gate.decide(draw(kind, shown, records), RIVALS).verdict() == Verdict.PASSED) {
        passed++;
      }
    }
    return (double) passed / comparisons;
  }

  private List<SliceScores> draw(Kind kind, Shown shown, int records) {
    List<SliceScores> slices = new ArrayList<>();
    double lost = kind.retainedLost();
    slices.add(
        slice(
            SliceRole.FRESH,
            Evidence.HELD_OUT,
            losses(shown == Shown.TOLD ? 0 : records, kind.freshLoss(), 0.5),
            answers(
                shown == Shown.TOLD ? 0 : ANSWERED_HELD_OUT,
                records,
                0.5,
                kind.freshLost(),
                0.5 * (1 - kind.freshLost()))));
    if (shown != Shown.HELD_OUT) {
      slices.add(
          slice(
              SliceRole.FRESH,
              Evidence.TOLD,
              losses(Math.min(records, SCORED_TOLD), kind.freshLoss(), 0.5),
              answers(ANSWERED_TOLD, records, 0.1, 1 - kind.toldRight(), kind.toldRight())));
    }
    slices.add(
        slice(
            SliceRole.RETAINED,
            Evidence.HELD_OUT,
            losses(records, kind.retainedLoss(), 0.1),
            answers(ANSWERED_HELD_OUT, records, 0.9, lost, lost)));
    slices.add(
        slice(
            SliceRole.RETAINED,
            Evidence.TOLD,
            losses(Math.min(records, SCORED_TOLD), kind.retainedLoss(), 0.05),
            answers(ANSWERED_TOLD, records, 0.9, lost, lost)));
    slices.add(
        slice(
            SliceRole.RETAINED,
            Evidence.RECALL,
            losses(RECALL, kind.retainedLoss(), 0.1),
            answers(RECALL, RECALL, 0.9, lost, lost)));
    return slices;
  }

  private static SliceScores slice(
      SliceRole role, Evidence evidence, double[][] losses, List<List<Answer>> answers) {
    ModelScores reference = new ModelScores(losses[0], answers.get(0));
    boolean fresh = role == SliceRole.FRESH;
    return new SliceScores(
        "returns",
        role,
        evidence,
        List.of(),
        fresh ? reference : new ModelScores(losses[0], List.of()),
        reference,
        new ModelScores(losses[1], answers.get(1)),
        Optional.empty());
  }

  /** Of the reference and of the candidate. */
  private double[][] losses(int records, double difference, double spread) {
    double[][] losses = new double[2][records];
    for (int i = 0; i < records; i++) {
      losses[0][i] = 2;
      losses[1][i] = 2 + difference + spread * random.nextGaussian();
    }
    return losses;
  }

  /** Of the reference and of the candidate. */
  private List<List<Answer>> answers(
      int most, int records, double right, double lost, double gained) {
    List<Answer> reference = new ArrayList<>();
    List<Answer> candidate = new ArrayList<>();
    for (int i = 0; i < Math.min(most, records); i++) {
      boolean wasRight = random.nextDouble() < right;
      boolean isRight = random.nextDouble() < (wasRight ? 1 - lost : gained);
      Answer before = answer(wasRight);
      reference.add(before);
      candidate.add(isRight == wasRight ? before : answer(isRight));
    }
    return List.of(reference, candidate);
  }

  private Answer answer(boolean right) {
    return new Answer("", right, right ? 1 : 0.2 + 0.4 * random.nextDouble());
  }
}
