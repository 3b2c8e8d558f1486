package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.registry.GateMark;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.ToldAnswer;
import dev.tributary.schemas.TrainingExample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A judged version.
 *
 * @param decision of the gate
 * @param told answers before and after to what the candidate was told
 * @param mark what the next gate needs to know of this one
 * @param referenceVersion release it was compared with; 0 for the base model
 * @param again what the candidate has lost, to be told again
 */
record Evaluation(
    GateDecision decision,
    List<ToldAnswer> told,
    GateMark mark,
    int referenceVersion,
    List<TrainingExample> again) {

  /** The line that says so. */
  ReleaseLine lineFor(AdapterRelease version, Instant when) {
    return new ReleaseLine(
        AdapterRelease.newBuilder(version)
            .setState(ReleaseState.GATED)
            .setVerdict(decision.verdict())
            .setReasons(reasons())
            .setSlices(decision.slices())
            .setTold(told)
            .setReferenceVersion(referenceVersion)
            .setActor(Actors.GATE)
            .setReason(decision.reason().code())
            .setEventTime(when)
            .build(),
        mark);
  }

  private List<String> reasons() {
    List<String> reasons = new ArrayList<>(decision.explanations());
    if (!again.isEmpty()) {
      reasons.add(
          "what was lost (%d answers) is told again, and another candidate follows"
              .formatted(again.size()));
    }
    return reasons;
  }
}
