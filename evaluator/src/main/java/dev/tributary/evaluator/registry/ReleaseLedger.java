package dev.tributary.evaluator.registry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The registry for its writer: every commit is in the view when the call returns, so that the next
 * decision sees it. One thread.
 */
public final class ReleaseLedger {

  private final ReleaseWriter writer;
  private final ReleaseLog log;
  private final Duration patience;

  /**
   * @param writer not closed here
   * @param log followed by many; not closed
   * @param patience for a commit to show up in the log
   */
  public ReleaseLedger(ReleaseWriter writer, ReleaseLog log, Duration patience) {
    this.writer = writer;
    this.log = log;
    this.patience = patience;
  }

  public Registry registry() {
    return log.registry();
  }

  /** As {@link ReleaseWriter#commit}, and waits until the lines are in the view. */
  public void commit(
      List<ReleaseLine> lines,
      List<ProducerRecord<byte[], byte[]>> more,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    writer.commit(lines, more, offsets);
    if (!lines.isEmpty()) {
      log.awaitEnd(patience);
    }
  }

  public void commit(List<ReleaseLine> lines, Map<TopicPartition, OffsetAndMetadata> offsets) {
    commit(lines, List.of(), offsets);
  }
}
