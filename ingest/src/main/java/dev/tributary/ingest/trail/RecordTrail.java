package dev.tributary.ingest.trail;

import java.time.Instant;
import java.util.List;

/**
 * What is known of one record. Parts it has not reached are null.
 *
 * @param adapter {@code tenant/domain}
 * @param requestId the interaction it is about
 * @param status where it stands
 * @param heldOut whether it is measured on instead of trained on; null without an example
 * @param receivedAt when the gateway accepted it
 * @param updatedAt when the last of all this came about
 * @param example the example made of it
 * @param trained the first checkpoint and the first version that contain it
 * @param verdict what the gate says of the newest version that contains it
 * @param served the version that answers, if it contains it
 * @param advice what it waits for and what to do
 */
public record RecordTrail(
    String adapter,
    String requestId,
    RecordStatus status,
    Boolean heldOut,
    Instant receivedAt,
    Instant updatedAt,
    Example example,
    Trained trained,
    Judged verdict,
    Served served,
    Advice advice) {

  /** The place of an example in its topic. */
  public record Example(String id, int partition, long offset) {}

  /**
   * @param version null before a version of it is judged
   * @param step optimiser steps done at the checkpoint
   * @param learnt whether that version answers it as told; null before there is one
   */
  public record Trained(Integer version, long step, Boolean learnt) {}

  /**
   * @param version serving name
   * @param verdict in lower case
   */
  public record Judged(String version, String verdict, List<String> reasons, Instant at) {}

  /**
   * @param version serving name
   * @param since when a version that contains the record first answered, as far as the log tells
   */
  public record Served(String version, Instant since) {}
}
