package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.SliceResult;
import java.util.function.Function;

/** A slice with what was found on it. */
record JudgedSlice(SliceScores scores, Finding finding) {

  static JudgedSlice of(SliceScores scores, Function<SliceScores, Finding> question) {
    return new JudgedSlice(scores, question.apply(scores));
  }

  /** The same slice where other evidence has answered the question it left open. */
  JudgedSlice settledBy(String evidence) {
    return new JudgedSlice(
        scores,
        new Finding(
            GateReason.PASSED, finding.interval(), finding.words() + "; decided on " + evidence));
  }

  String words() {
    return scores.slice() + " " + finding.words();
  }

  SliceResult toResult() {
    AnswerChange change =
        AnswerChange.between(scores.reference().answers(), scores.candidate().answers());
    return SliceResult.newBuilder()
        .setSlice(scores.slice())
        .setRole(scores.role())
        .setEvidence(scores.evidence())
        .setRecords(scores.records())
        .setLossBase(scores.base().meanLoss())
        .setLossReference(scores.reference().meanLoss())
        .setLossCandidate(scores.candidate().meanLoss())
        .setDelta(scores.candidate().meanLoss() - scores.reference().meanLoss())
        .setCiLow(finding.interval().low())
        .setCiHigh(finding.interval().high())
        .setAnswers(change.answered())
        .setAnswersGained(change.gained())
        .setAnswersLost(change.lost())
        .setExactMatchBase(scores.base().exactMatch())
        .setExactMatchReference(scores.reference().exactMatch())
        .setExactMatchCandidate(scores.candidate().exactMatch())
        .setF1Base(scores.base().f1())
        .setF1Reference(scores.reference().f1())
        .setF1Candidate(scores.candidate().f1())
        .setPassed(finding.isMet())
        .setReason(finding.words())
        .build();
  }
}
