package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.gate.statistics.Interval;
import dev.tributary.evaluator.gate.statistics.MeanInterval;
import dev.tributary.evaluator.score.ModelScores;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Asks whether the candidate's answers are as good as those of others, over all retained slices
 * together and over all fresh ones: no more right answers lost than gained, but for a small share,
 * and token F1 not provably fallen by more than that share. A better loss does not make up for it.
 *
 * <p>On fresh slices it is asked about the base model too, except for what was told: there the told
 * text is the truth, whatever the base says.
 */
final class AnswerRequirement {

  private static final int MANY = 20;

  private final GatePolicy policy;
  private final MeanInterval method;

  AnswerRequirement(GatePolicy policy) {
    this.policy = policy;
    this.method = policy.meanInterval();
  }

  /** One finding for each comparison there are answers for. */
  List<Finding> judge(Collection<SliceScores> slices, Rivals rivals) {
    List<Finding> findings = new ArrayList<>();
    for (SliceRole role : SliceRole.values()) {
      compare(
              slices,
              slice -> slice.role() == role,
              SliceScores::reference,
              role,
              rivals.reference())
          .ifPresent(findings::add);
    }
    if (!rivals.referenceIsBase()) {
      compare(
              slices,
              slice -> slice.role() == SliceRole.FRESH && slice.evidence() != Evidence.TOLD,
              SliceScores::base,
              SliceRole.FRESH,
              Rivals.BASE)
          .ifPresent(findings::add);
    }
    return findings;
  }

  private Optional<Finding> compare(
      Collection<SliceScores> slices,
      Predicate<SliceScores> condition,
      Function<SliceScores, ModelScores> model,
      SliceRole role,
      String other) {
    AnswerChange change =
        AnswerChange.pool(
            slices.stream()
                .filter(condition)
                .map(
                    slice ->
                        AnswerChange.between(
                            model.apply(slice).answers(), slice.candidate().answers()))
                .toList());
    return change.answered() == 0
        ? Optional.empty()
        : Optional.of(notWorse(change, role.name().toLowerCase(Locale.ROOT), other));
  }

  /** One of many may fall by chance: greedy answers hang on a hair now and then. */
  private int allowed(int answered) {
    int share = (int) Math.floor(policy.maxAnswersLost() * answered);
    return answered >= MANY && policy.maxAnswersLost() > 0 ? Math.max(1, share) : share;
  }

  private Finding notWorse(AnswerChange change, String role, String other) {
    Interval f1 = Comparison.of(change.f1(), method, policy.confidence()).interval();
    int allowed = allowed(change.answered());
    String counts =
        "of %d %s answers, %d right one%s of %s %s lost and %d gained"
            .formatted(
                change.answered(),
                role,
                change.lost(),
                change.lost() == 1 ? "" : "s",
                other,
                change.lost() == 1 ? "is" : "are",
                change.gained());
    if (change.lost() - change.gained() > allowed) {
      return new Finding(
          GateReason.ANSWERS_WORSE,
          f1,
          counts + "; at most %d more may be lost than gained".formatted(allowed));
    }
    if (f1.high() < -policy.maxAnswersLost()) {
      return new Finding(
          GateReason.ANSWERS_WORSE,
          f1,
          counts
              + String.format(
                  Locale.ROOT,
                  ", and token F1 has fallen by %.3f; at most %.3f is allowed",
                  -f1.mean(),
                  policy.maxAnswersLost()));
    }
    return new Finding(GateReason.PASSED, f1, counts);
  }
}
