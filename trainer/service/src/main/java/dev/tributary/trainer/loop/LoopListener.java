package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.checkpoint.CommitFailure;
import dev.tributary.trainer.metrics.AdapterStatus;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** What the loop tells the service; called on the loop's thread, must be quick. */
interface LoopListener {

  void ready();

  void notReady(String reason);

  /** The loop has ended and only a person can help. */
  void failed(Throwable cause);

  /** After a job's transaction was committed. */
  void committed(Worker.Finished job, Duration commitDuration);

  void commitFailed(CommitFailure failure);

  void status(List<AdapterStatus> adapters);

  /** Records known to be this adapter's and not yet trained. */
  void backlog(AdapterId adapter, long records);

  /** Records nobody has looked at, of a partition with several adapters or none. */
  void unread(TopicPartition partition, long records);
}
