package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.gate.Gate;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.evaluator.suite.ToldSince;
import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.Verdict;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A version to judge, as it came from the trainer or, when an earlier look left the verdict open,
 * from the log.
 *
 * @param version its line before the verdict
 * @param taught slices it was taught since the version before it; empty when unknown
 */
record Candidate(AdapterRelease version, Set<String> taught) {

  static Candidate of(AdapterCandidate candidate) {
    AdapterRelease version =
        AdapterRelease.newBuilder()
            .setAdapter(candidate.getAdapter())
            .setVersion(candidate.getVersion())
            .setName(AdapterId.parse(candidate.getAdapter()).versionName(candidate.getVersion()))
            .setState(ReleaseState.GATED)
            .setVerdict(Verdict.INCONCLUSIVE)
            .setContentHash(candidate.getContentHash())
            .setBaseModel(candidate.getBaseModel())
            .setBaseModelHash(candidate.getBaseModelHash())
            .setStep(candidate.getStep())
            .setPosition(candidate.getPosition())
            .setNotLearnt(candidate.getNotLearnt())
            .setNewExamples(candidate.getNewExamples())
            .setReplayRatio(candidate.getReplayRatio())
            .setTrainLoss(candidate.getTrainLoss())
            .setOldestIngestTime(candidate.getOldestIngestTime())
            .setNewestIngestTime(candidate.getNewestIngestTime())
            .setCandidateTime(candidate.getCreatedAt())
            .setActor(Actors.GATE)
            .setEventTime(candidate.getCreatedAt())
            .build();
    return new Candidate(version, Set.copyOf(candidate.getSlices().keySet()));
  }

  /** The fresh held-out slices of an open verdict are the slices that were taught. */
  static Candidate held(ReleaseLine line) {
    return new Candidate(
        line.release(),
        line.release().getSlices().stream()
            .filter(slice -> slice.getRole() == SliceRole.FRESH)
            .filter(slice -> slice.getEvidence() == Evidence.HELD_OUT)
            .map(SliceResult::getSlice)
            .filter(slice -> !Gate.isPoolName(slice))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** What it has seen and the reference has not. */
  ToldSince toldSince(Optional<ReleaseLine> reference) {
    PartitionOffset position = version.getPosition();
    if (position == null) {
      return ToldSince.UNKNOWN;
    }
    long from =
        reference
            .map(line -> line.release().getPosition())
            .filter(seen -> seen.getPartition() == position.getPartition())
            .map(PartitionOffset::getOffset)
            .orElse(0L);
    return new ToldSince(position.getPartition(), from, position.getOffset());
  }

  AdapterId adapter() {
    return AdapterId.parse(version.getAdapter());
  }
}
