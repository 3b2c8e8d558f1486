package dev.tributary.trainer.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this instance owns: those being worked on, and those still to be loaded. Called
 * back by the consumer within {@code poll}, on the loop's thread; loading, which takes longer, is
 * left to the loop.
 */
final class Assignments implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

  private final Consumer<?, ?> consumer;
  private final Map<TopicPartition, PartitionWork> works = new HashMap<>();
  private final Set<TopicPartition> toLoad = new HashSet<>();
  private boolean assigned;

  Assignments(Consumer<?, ?> consumer) {
    this.consumer = consumer;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    assigned = true;
    toLoad.addAll(partitions);
    // A position, so that the consumer does not look for one by itself; paused, so that nothing is
    // read from there. The real one is set once the checkpoints are loaded.
    partitions.forEach(partition -> consumer.seek(partition, 0));
    consumer.pause(partitions);
    LOG.info("assigned {}", partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    works.keySet().removeAll(partitions);
    toLoad.removeAll(partitions);
    LOG.info("revoked {}", partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    onPartitionsRevoked(partitions);
  }

  /**
   * Whether the group has given this instance its share, possibly none, and all of it is loaded.
   */
  boolean isReady() {
    return assigned && toLoad.isEmpty();
  }

  Set<TopicPartition> toLoad() {
    return Set.copyOf(toLoad);
  }

  void loaded(PartitionWork work) {
    toLoad.remove(work.partition());
    works.put(work.partition(), work);
  }

  /** Drops what is in memory of a partition; it is loaded again from its checkpoints. */
  void reload(TopicPartition partition) {
    if (works.remove(partition) != null) {
      toLoad.add(partition);
    }
  }

  void reloadAll() {
    works().forEach(work -> reload(work.partition()));
  }

  Collection<PartitionWork> works() {
    return List.copyOf(works.values());
  }

  /** The work a job belongs to, if the partition has neither left nor been loaded anew since. */
  Optional<PartitionWork> owner(Job job) {
    return Optional.ofNullable(works.get(job.partition()))
        .filter(work -> work.sessions().find(job.session().id()).orElse(null) == job.session());
  }

  /** In the order of partitions, beginning after the given one, so that each gets its turn. */
  List<PartitionWork> worksAfter(TopicPartition last) {
    List<PartitionWork> turn = new ArrayList<>(works.values());
    turn.sort(Comparator.comparingInt(work -> work.partition().partition()));
    if (last != null) {
      turn.sort(Comparator.comparing(work -> work.partition().partition() <= last.partition()));
    }
    return turn;
  }
}
