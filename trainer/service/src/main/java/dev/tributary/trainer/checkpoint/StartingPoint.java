package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.error.ConfigException;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a partition is read from when it is assigned, and refuses every situation in which
 * going on would silently skip records or forget weights.
 *
 * @param input the log as it is now
 * @param partition which partition of it
 * @param logStart its first offset
 * @param logEnd the offset after its last record
 */
public record StartingPoint(
    InputIdentity input, TopicPartition partition, long logStart, long logEnd) {

  private static final Logger LOG = LoggerFactory.getLogger(StartingPoint.class);

  /**
   * @param committed the consumer group's offset, or null if there is none
   * @param checkpoints the newest checkpoint of each adapter of this partition
   * @param pointers how many adapters of this partition have a pointer, readable checkpoint or not
   * @param rereadFrom an offset that must be read again although it is committed, for an adapter
   *     that goes on from an older checkpoint; {@link Long#MAX_VALUE} if there is none
   */
  public ResumePoint choose(
      OffsetAndMetadata committed,
      Collection<Checkpoint> checkpoints,
      int pointers,
      long rereadFrom) {
    checkpoints.forEach(
        checkpoint ->
            input.requireSame(
                checkpoint.input(), "the checkpoint of adapter " + checkpoint.adapter()));
    Optional<ResumePoint> own =
        Optional.ofNullable(committed).flatMap(at -> ResumePoint.of(input.topic(), at));
    own.ifPresent(at -> requireUsable(at, pointers));
    ResumePoint start = own.orElseGet(() -> fromCheckpoints(committed, checkpoints, pointers));
    long resume = Math.min(start.resume(), rereadFrom);
    requireInLog(resume);
    return new ResumePoint(input, resume, start.handled(), pointers);
  }

  private void requireUsable(ResumePoint committed, int pointers) {
    input.requireSame(committed.input(), "the committed offset of partition " + partition);
    if (pointers < committed.adapters()) {
      throw new ConfigException(
          ("partition %s: %d adapters have been trained, but only %d checkpoint pointers are left;"
                  + " restore the checkpoints topic, or start afresh with a new consumer group")
              .formatted(partition, committed.adapters(), pointers));
    }
  }

  /** Every checkpoint says where its partition had to be read from; the lowest is always safe. */
  private ResumePoint fromCheckpoints(
      OffsetAndMetadata foreign, Collection<Checkpoint> checkpoints, int pointers) {
    if (pointers > checkpoints.size()) {
      throw new ConfigException(
          ("partition %s: the group has no offset of the trainer's, and a checkpoint cannot be"
                  + " read; restore the artefact store from a backup")
              .formatted(partition));
    }
    if (foreign != null) {
      LOG.warn(
          "{}: offset {} was not committed by a trainer; not used", partition, foreign.offset());
    }
    long resume = checkpoints.stream().mapToLong(Checkpoint::resumeOffset).min().orElse(logStart);
    LOG.info(
        "{}: no committed offset; reading from {} ({})",
        partition,
        resume,
        checkpoints.isEmpty() ? "the beginning: nothing was ever trained" : "its checkpoints");
    return new ResumePoint(input, resume, resume, pointers);
  }

  private void requireInLog(long resume) {
    if (resume < logStart) {
      throw new ConfigException(
          ("partition %s: training must go on at offset %d, but the log begins at %d: %d records"
               + " were deleted untrained; restore them, or start afresh with a new consumer group")
              .formatted(partition, resume, logStart, logStart - resume));
    }
    if (resume > logEnd) {
      throw new ConfigException(
          ("partition %s: training must go on at offset %d, but the log ends at %d: it has lost"
                  + " records that were trained; restore it, or start afresh with a new consumer"
                  + " group")
              .formatted(partition, resume, logEnd));
    }
  }
}
