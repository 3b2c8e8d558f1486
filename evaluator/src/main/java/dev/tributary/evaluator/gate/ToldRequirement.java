package dev.tributary.evaluator.gate;

import static dev.tributary.evaluator.gate.Comparison.nats;

import dev.tributary.evaluator.gate.statistics.MeanInterval;
import dev.tributary.evaluator.score.Answer;
import dev.tributary.evaluator.score.SliceScores;

/**
 * Asks whether the candidate answers as it was told: enough of the told records, no fewer than the
 * release that answers now, and with a better mean loss. One record is enough, because what was
 * told by somebody who is trusted is not a sample of the truth but the truth itself.
 */
final class ToldRequirement {

  private final GatePolicy policy;
  private final MeanInterval method;

  ToldRequirement(GatePolicy policy) {
    this.policy = policy;
    this.method = policy.meanInterval();
  }

  /**
   * @param told with at least one record and one answer
   */
  Finding answeredAsTold(SliceScores told, String other) {
    Question question = Question.of(told, told.reference(), other);
    Comparison losses = Comparison.of(question.differences(), method, policy.confidence());
    AnswerChange change =
        AnswerChange.between(told.reference().answers(), told.candidate().answers());
    long right = told.candidate().answers().stream().filter(Answer::right).count();
    boolean enough = change.answered() > 0 && right >= policy.minToldRight() * change.answered();
    boolean isMet = enough && change.lost() <= change.gained() && losses.mean() < 0;
    return new Finding(
        isMet ? GateReason.PASSED : GateReason.TOLD_NOT_LEARNT,
        losses.interval(),
        "is %s than %s on %s; %d of %d answered as told, %d gained and %d lost%s"
            .formatted(
                losses.direction(),
                other,
                Question.count(told.records(), question.kind()),
                right,
                change.answered(),
                change.gained(),
                change.lost(),
                isMet ? "" : missing(enough, change)));
  }

  private String missing(boolean enough, AnswerChange change) {
    if (!enough) {
      return "; %d are needed"
          .formatted((int) Math.ceil(policy.minToldRight() * change.answered()));
    }
    return change.lost() > change.gained()
        ? "; no more may be lost than gained"
        : "; more than %s was asked".formatted(nats(0));
  }
}
