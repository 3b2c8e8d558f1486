package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.registry.GateMark;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.ToldAnswer;
import java.time.Instant;
import java.util.List;

/**
 * A judged version.
 *
 * @param decision of the gate
 * @param told answers before and after to what the candidate was told
 * @param mark what the next gate needs to know of this one
 * @param referenceVersion release it was compared with; 0 for the base model
 */
record Evaluation(
    GateDecision decision, List<ToldAnswer> told, GateMark mark, int referenceVersion) {

  /** The line that says so. */
  ReleaseLine lineFor(AdapterRelease version, Instant when) {
    return new ReleaseLine(
        AdapterRelease.newBuilder(version)
            .setState(ReleaseState.GATED)
            .setVerdict(decision.verdict())
            .setReasons(decision.explanations())
            .setSlices(decision.slices())
            .setTold(told)
            .setReferenceVersion(referenceVersion)
            .setActor(Actors.GATE)
            .setReason(decision.reason().code())
            .setEventTime(when)
            .build(),
        mark);
  }
}
