package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.schemas.topics.Topics;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The committed checkpoint pointers of every adapter, newest first. Compaction keeps the newest of
 * each; older ones are there for as long as it has not come round to them, and serve as a reserve
 * should the newest checkpoint turn out to be damaged.
 */
public final class PointerHistory {

  private final SortedMap<AdapterId, List<CheckpointPointer>> newestFirst = new TreeMap<>();

  private PointerHistory() {}

  /**
   * Reads the checkpoints topic to its end.
   *
   * @throws ConfigException if a pointer cannot be read: going on without it would start that
   *     adapter afresh
   */
  public static PointerHistory read(
      TopicSnapshot snapshot, AvroDecoder<CheckpointPointer> decoder) {
    PointerHistory history = new PointerHistory();
    snapshot.read(
        Topics.CHECKPOINTS.name(),
        message -> {
          if (message.value() == null) {
            return; // an adapter that was erased
          }
          try {
            history.add(decoder.decode(message.value()));
          } catch (BadRecordException e) {
            throw new ConfigException(
                "topic %s, partition %d, offset %d: not a checkpoint pointer (%s); remove it or run a"
                        .formatted(
                            message.topic(), message.partition(), message.offset(), e.getMessage())
                    + " version of Tributary that knows it",
                e);
          }
        });
    return history;
  }

  /** A history of these pointers, oldest first. */
  public static PointerHistory of(List<CheckpointPointer> oldestFirst) {
    PointerHistory history = new PointerHistory();
    oldestFirst.forEach(history::add);
    return history;
  }

  private void add(CheckpointPointer pointer) {
    newestFirst
        .computeIfAbsent(AdapterId.parse(pointer.getAdapter()), id -> new ArrayList<>())
        .addFirst(pointer);
  }

  /** All adapters that have a checkpoint, each with its pointers, newest first, at least one. */
  public Map<AdapterId, List<CheckpointPointer>> all() {
    return newestFirst;
  }

  /** Hashes of the newest checkpoints of each adapter. */
  public Set<String> newestHashes(int perAdapter) {
    Set<String> hashes = new LinkedHashSet<>();
    newestFirst
        .values()
        .forEach(
            pointers ->
                pointers.stream()
                    .map(CheckpointPointer::getContentHash)
                    .distinct()
                    .limit(perAdapter)
                    .forEach(hashes::add));
    return hashes;
  }
}
