package dev.tributary.ingest.trail;

import dev.tributary.ingest.topology.example.Claim;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.time.Instant;

/**
 * What the trail keeps of an example.
 *
 * @param claim what it says
 * @param factKey null if it has none
 * @param teaches whether the trainer learns from its kind
 * @param appendedAt when it was written to its topic
 * @param sequence order of reading: within a partition the order of the log
 */
record TrailEntry(
    String exampleId,
    String recordId,
    String requestId,
    Claim claim,
    String factKey,
    boolean trusted,
    boolean teaches,
    boolean heldOut,
    int partition,
    long offset,
    Instant eventTime,
    Instant ingestTime,
    Instant appendedAt,
    long sequence) {

  static TrailEntry of(TrainingExample example, LogPlace place, boolean heldOut, long sequence) {
    return new TrailEntry(
        example.getExampleId(),
        example.getOrigin().getRecordId(),
        example.getOrigin().getRequestId(),
        Claim.of(example),
        example.getFactKey(),
        example.getTrust() == Trust.TRUSTED,
        example.getKind() == ExampleKind.SUPERVISED,
        heldOut,
        place.partition(),
        place.offset(),
        example.getEventTime(),
        example.getIngestTime(),
        place.appendedAt(),
        sequence);
  }

  String adapter() {
    return claim.adapter();
  }

  /** The newest event time wins; between equal times the order of the log decides. */
  boolean isAfter(TrailEntry other) {
    int order = eventTime.compareTo(other.eventTime);
    return order > 0 || order == 0 && sequence > other.sequence;
  }
}
