package dev.tributary.trainer.loop;

import dev.tributary.trainer.pack.MicroBatch;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * One unit of work between two transactions: train a micro-batch, or make a candidate of what is
 * trained already, or both.
 *
 * @param partition where its examples come from
 * @param session whose it is
 * @param batch what to train; empty if only a candidate is due
 * @param resumeOffset where the partition must be read from once the job is committed
 */
record Job(
    TopicPartition partition,
    AdapterSession session,
    Optional<MicroBatch> batch,
    long resumeOffset) {

  /** Every record of the adapter before this offset is trained once the job is done. */
  long nextOffset() {
    return batch.map(MicroBatch::nextOffset).orElse(session.nextOffset());
  }
}
