package dev.tributary.trainer.loop;

import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.serde.AvroSerializer;
import dev.tributary.schemas.topics.Topics;
import dev.tributary.trainer.checkpoint.CommitFailure;
import dev.tributary.trainer.checkpoint.ResumePoint;
import dev.tributary.trainer.checkpoint.TransactionalCommit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What goes into one transaction. */
final class Transactions implements AutoCloseable {

  private final TransactionalCommit commit;
  private final AvroSerializer<CheckpointPointer> pointers;
  private final AvroSerializer<AdapterCandidate> candidates;

  Transactions(
      TransactionalCommit commit,
      AvroSerializer<CheckpointPointer> pointers,
      AvroSerializer<AdapterCandidate> candidates) {
    this.commit = commit;
    this.pointers = pointers;
    this.candidates = candidates;
  }

  /** A finished job, and the dead letters and offsets of its partition. */
  void commit(PartitionWork work, JobResult result, ConsumerGroupMetadata group)
      throws CommitFailure {
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>(work.deadLetters());
    messages.add(
        message(
            Topics.CHECKPOINTS.name(),
            result.pointer().getAdapter(),
            pointers.encode(result.pointer())));
    result
        .candidate()
        .ifPresent(
            candidate ->
                messages.add(
                    message(
                        Topics.CANDIDATES.name(),
                        candidate.getAdapter(),
                        candidates.encode(candidate))));
    commit(work, messages, group);
  }

  /** Dead letters and offsets alone. */
  void commitProgress(PartitionWork work, ConsumerGroupMetadata group) throws CommitFailure {
    commit(work, work.deadLetters(), group);
  }

  private void commit(
      PartitionWork work,
      List<ProducerRecord<byte[], byte[]>> messages,
      ConsumerGroupMetadata group)
      throws CommitFailure {
    ResumePoint point = work.resumePoint();
    commit.commit(messages, Map.of(work.partition(), point), group);
    work.committed(point);
  }

  private static ProducerRecord<byte[], byte[]> message(String topic, String key, byte[] value) {
    return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
  }

  @Override
  public void close() {
    commit.close();
  }
}
