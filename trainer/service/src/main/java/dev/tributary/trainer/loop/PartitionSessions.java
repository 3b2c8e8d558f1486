package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The adapters of one partition: those that have a checkpoint, and those whose first examples came.
 */
final class PartitionSessions {

  private final SessionFactory factory;
  private final int partition;
  private final Map<AdapterId, Integer> elsewhere;
  private final Predicate<AdapterId> paused;
  private final SortedMap<AdapterId, AdapterSession> sessions = new TreeMap<>();

  /**
   * @param elsewhere adapters whose checkpoint belongs to another partition, with that partition
   * @param paused which adapters an operator has paused
   */
  PartitionSessions(
      SessionFactory factory,
      int partition,
      Map<AdapterId, Integer> elsewhere,
      Predicate<AdapterId> paused) {
    this.factory = factory;
    this.partition = partition;
    this.elsewhere = Map.copyOf(elsewhere);
    this.paused = paused;
  }

  void add(AdapterSession session) {
    sessions.put(session.id(), session);
    if (session.isActive() && paused.test(session.id())) {
      session.stop(AdapterSession.State.PAUSED, "paused by command", OptionalLong.empty());
    }
  }

  Optional<AdapterSession> find(AdapterId adapter) {
    return Optional.ofNullable(sessions.get(adapter));
  }

  Collection<AdapterSession> all() {
    return List.copyOf(sessions.values());
  }

  /** How many have been trained and so have a checkpoint. */
  int checkpointed() {
    return (int) sessions.values().stream().filter(AdapterSession::hasCheckpoint).count();
  }

  /**
   * Begins a new adapter with its first example.
   *
   * @throws ConfigException if it has a checkpoint on another partition: its examples have moved,
   *     and beginning afresh would forget everything silently
   */
  AdapterSession start(AdapterId adapter, long firstOffset) {
    if (elsewhere.containsKey(adapter)) {
      throw new ConfigException(
          ("adapter %s: examples arrive on partition %d but its checkpoint belongs to partition %d;"
                  + " the topic's partition count or the producers' partitioner has changed, set it"
                  + " back")
              .formatted(adapter, partition, elsewhere.get(adapter)));
    }
    AdapterSession session = factory.fresh(adapter, firstOffset);
    add(session);
    return session;
  }
}
