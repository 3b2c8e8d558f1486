package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.SliceResult;

/** A slice with what was found on it. */
record JudgedSlice(SliceScores scores, Finding finding) {

  String words() {
    return scores.slice() + " " + finding.words();
  }

  SliceResult toResult() {
    return SliceResult.newBuilder()
        .setSlice(scores.slice())
        .setRole(scores.role())
        .setRecords(scores.records())
        .setLossBase(scores.base().meanLoss())
        .setLossReference(scores.reference().meanLoss())
        .setLossCandidate(scores.candidate().meanLoss())
        .setDelta(scores.candidate().meanLoss() - scores.reference().meanLoss())
        .setCiLow(finding.interval().low())
        .setCiHigh(finding.interval().high())
        .setExactMatchBase(scores.base().answers().exactMatch())
        .setExactMatchReference(scores.reference().answers().exactMatch())
        .setExactMatchCandidate(scores.candidate().answers().exactMatch())
        .setF1Base(scores.base().answers().f1())
        .setF1Reference(scores.reference().answers().f1())
        .setF1Candidate(scores.candidate().answers().f1())
        .setPassed(finding.isMet())
        .setReason(finding.words())
        .build();
  }
}
