package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.gate.GateReason;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.TrainingExample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a refused candidate has lost of what it was told before and of what the base model knew. It
 * is told again, so that the trainer goes on from where it stands and the next candidate need not
 * be refused for it: nobody who told a correction should have to tell something else first.
 */
final class Forgotten {

  /** Candidates in a row after which it is left to people: what is not mended then needs one. */
  static final int MOST_IN_A_ROW = 3;

  /** Refusals for what was lost, not for what was not learnt. */
  private static final Set<GateReason> FOR_LOSSES =
      Set.of(GateReason.ANSWERS_WORSE, GateReason.REGRESSION, GateReason.REGRESSION_SINCE_BEST);

  private Forgotten() {}

  /**
   * Examples to be trained on.
   *
   * @param decision refuses for what was lost, or nothing is told again
   * @param version of the candidate
   * @param known of its adapter before the decision
   */
  static List<TrainingExample> toTellAgain(
      GateDecision decision,
      List<SliceScores> scores,
      int version,
      AdapterVersions known,
      Instant now) {
    return FOR_LOSSES.contains(decision.reason()) && refusedBefore(known, version) < MOST_IN_A_ROW
        ? lost(scores, version, now)
        : List.of();
  }

  private static long refusedBefore(AdapterVersions known, int version) {
    int active = known.active().map(ReleaseLine::version).orElse(0);
    return known.all().stream()
        .filter(line -> line.version() > active && line.version() < version)
        .filter(
            line ->
                FOR_LOSSES.stream()
                    .anyMatch(reason -> reason.code().equals(line.release().getReason())))
        .count();
  }

  private static List<TrainingExample> lost(List<SliceScores> scores, int version, Instant now) {
    List<TrainingExample> lost = new ArrayList<>();
    for (SliceScores slice : scores) {
      if (slice.role() == SliceRole.RETAINED && slice.evidence() != Evidence.HELD_OUT) {
        for (int i = 0; i < slice.answered().size(); i++) {
          if (slice.reference().answers().get(i).right()
              && !slice.candidate().answers().get(i).right()) {
            lost.add(example(slice.answered().get(i), version, now));
          }
        }
      }
    }
    return lost;
  }

  /** As old and as trusted as it was, so that it takes the place of nothing it did not before. */
  private static TrainingExample example(SuiteRecord record, int version, Instant now) {
    return TrainingExample.newBuilder(record.example())
        .setExampleId(record.id() + " v" + version)
        .setIngestTime(now)
        .build();
  }
}
