package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.trainer.checkpoint.InputIdentity;
import dev.tributary.trainer.checkpoint.LogReader;
import dev.tributary.trainer.checkpoint.PointerHistory;
import dev.tributary.trainer.checkpoint.ResumePoint;
import dev.tributary.trainer.checkpoint.StartingPoint;
import dev.tributary.trainer.lineage.CandidatePolicy;
import dev.tributary.trainer.pack.BatchLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Brings assigned partitions to where their newest committed checkpoints left them. */
final class PartitionLoader {

  private final LogReader log;
  private final AvroDecoder<CheckpointPointer> pointerDecoder;
  private final InputIdentity input;
  private final Restorer restorer;
  private final SessionFactory factory;
  private final ExampleReader reader;
  private final BatchLimits limits;
  private final CandidatePolicy policy;
  private final Predicate<AdapterId> paused;
  private final PartitionCounts counts;

  PartitionLoader(
      LogReader log,
      AvroDecoder<CheckpointPointer> pointerDecoder,
      InputIdentity input,
      Restorer restorer,
      SessionFactory factory,
      ExampleReader reader,
      BatchLimits limits,
      CandidatePolicy policy,
      Predicate<AdapterId> paused,
      PartitionCounts counts) {
    this.log = log;
    this.pointerDecoder = pointerDecoder;
    this.input = input;
    this.restorer = restorer;
    this.factory = factory;
    this.reader = reader;
    this.limits = limits;
    this.policy = policy;
    this.paused = paused;
    this.counts = counts;
  }

  /**
   * Reads offsets and pointers, verifies and loads checkpoints.
   *
   * @throws dev.tributary.foundation.error.ConfigException if going on would skip records or forget
   *     weights silently
   * @throws dev.tributary.foundation.error.RetriableException if the broker does not answer in time
   */
  List<PartitionWork> load(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
    requireSameLog();
    // The order matters. A committed offset is answered only once transactions that hold one are
    // over; what the previous owner got through is then in the checkpoints topic, or nowhere.
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions, log.limit());
    PointerHistory history = PointerHistory.read(log.snapshot(), pointerDecoder);
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions, log.limit());
    Map<TopicPartition, Long> ends = log.ends(partitions);
    List<PartitionWork> works = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      Restorer.Restored restored = restorer.restore(partition.partition(), history);
      ResumePoint start =
          new StartingPoint(input, partition, starts.get(partition), ends.get(partition))
              .choose(
                  committed.get(partition),
                  restored.newest(),
                  restored.sessions().size(),
                  restored.rereadFrom());
      works.add(work(partition, start, restored, history));
    }
    return works;
  }

  /**
   * Makes sure that the topic is still the one this trainer began with.
   *
   * @throws dev.tributary.foundation.error.ConfigException if it is another
   */
  void requireSameLog() {
    log.identity(input.topic()).requireSame(input, "this trainer");
  }

  private PartitionWork work(
      TopicPartition partition,
      ResumePoint start,
      Restorer.Restored restored,
      PointerHistory history) {
    PartitionSessions sessions =
        new PartitionSessions(
            factory,
            partition.partition(),
            Restorer.elsewhere(partition.partition(), history),
            paused);
    restored.sessions().forEach(sessions::add);
    return new PartitionWork(partition, start, reader, limits, policy, sessions, counts);
  }
}
