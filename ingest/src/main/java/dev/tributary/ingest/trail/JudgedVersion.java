package dev.tributary.ingest.trail;

import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What the trail keeps of a version's newest line.
 *
 * @param position it has seen every example before it; null in lines from before that was noted
 * @param notLearnt ids of records it does not answer as told
 * @param activeSince when it began to answer first, as far as the log tells; null if never
 */
record JudgedVersion(
    int version,
    String name,
    ReleaseState state,
    Verdict verdict,
    List<String> reasons,
    PartitionOffset position,
    Set<String> notLearnt,
    Instant at,
    Instant activeSince) {

  /**
   * @param earlier the same version's line before, null if there was none
   */
  static JudgedVersion of(AdapterRelease line, JudgedVersion earlier) {
    Instant since = earlier == null ? null : earlier.activeSince;
    if (since == null && line.getState() == ReleaseState.ACTIVE) {
      since = line.getEventTime();
    }
    return new JudgedVersion(
        line.getVersion(),
        line.getName(),
        line.getState(),
        line.getVerdict(),
        List.copyOf(line.getReasons()),
        line.getPosition(),
        Set.copyOf(line.getNotLearnt()),
        line.getEventTime(),
        since);
  }

  boolean contains(TrailEntry example) {
    return position != null
        && position.getPartition() == example.partition()
        && position.getOffset() > example.offset();
  }

  boolean isActive() {
    return state == ReleaseState.ACTIVE;
  }
}
