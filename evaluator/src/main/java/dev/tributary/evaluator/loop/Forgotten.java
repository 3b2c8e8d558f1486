package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.gate.GateReason;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a refused candidate has lost of what the base model knew. It is told again, so that the
 * trainer goes on from where it stands and the next candidate need not be refused for it: nobody
 * who told a correction should have to tell something else first.
 */
final class Forgotten {

  /** Candidates in a row after which it is left to people: what cannot be mended so is a lie. */
  static final int MOST_IN_A_ROW = 3;

  private Forgotten() {}

  /**
   * Examples to be trained on.
   *
   * @param decision refuses for worse answers, or nothing is told again
   * @param version of the candidate
   * @param known of its adapter before the decision
   */
  static List<TrainingExample> toTellAgain(
      GateDecision decision,
      List<SliceScores> scores,
      int version,
      AdapterVersions known,
      Instant now) {
    return decision.reason() == GateReason.ANSWERS_WORSE
            && refusedBefore(known, version) < MOST_IN_A_ROW
        ? lost(scores, version, now)
        : List.of();
  }

  private static long refusedBefore(AdapterVersions known, int version) {
    int active = known.active().map(ReleaseLine::version).orElse(0);
    return known.all().stream()
        .filter(line -> line.version() > active && line.version() < version)
        .filter(line -> GateReason.ANSWERS_WORSE.code().equals(line.release().getReason()))
        .count();
  }

  private static List<TrainingExample> lost(List<SliceScores> scores, int version, Instant now) {
    List<TrainingExample> lost = new ArrayList<>();
    for (SliceScores slice : scores) {
      if (slice.evidence() == Evidence.RECALL) {
        for (int i = 0; i < slice.answered().size(); i++) {
          if (slice.reference().answers().get(i).right()
              && !slice.candidate().answers().get(i).right()) {
            lost.add(example(slice.answered().get(i), slice.slice(), version, now));
          }
        }
      }
    }
    return lost;
  }

  /** Not trusted: it takes the place of nothing that anybody told. */
  private static TrainingExample example(
      SuiteRecord record, String slice, int version, Instant now) {
    return TrainingExample.newBuilder(record.example())
        .setExampleId(record.id() + " v" + version)
        .setSlice(slice)
        .setTrust(Trust.CORROBORATED)
        .setIngestTime(now)
        .build();
  }
}
