package dev.tributary.trainer.pack;

import dev.tributary.foundation.AdapterId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gathers the examples of one partition into micro-batches, one open batch an adapter.
 *
 * <p>Where a batch ends is a function of the log alone, never of when a record was fetched: it ends
 * before an example that no longer fits, with the example that fills it, or after the last one
 * appended within the linger time of its first, or of each 16th up to 32 times that, so that bulk
 * stays together. Reading the same records again from the first example of any open batch gives the
 * same batches, which is what makes a killed run end in the same bytes as one that was not.
 *
 * <p>Used as {@link #makeRoom}, then {@link #add}; the caller asks {@link #earliestDeadline} before
 * each record and closes what is due. Not thread-safe.
 */
public final class PartitionPacker {

  private final BatchLimits limits;
  private final SortedMap<AdapterId, OpenBatch> open = new TreeMap<>();

  public PartitionPacker(BatchLimits limits) {
    this.limits = limits;
  }

  /** Closes the adapter's open batch if the example does not fit into it. */
  public Optional<MicroBatch> makeRoom(AdapterId adapter, TrainingItem item) {
    OpenBatch batch = open.get(adapter);
    return batch == null || batch.takes(item) ? Optional.empty() : Optional.of(close(adapter));
  }

  /**
   * Adds an example for which there is room.
   *
   * @return the batch, if the example filled it
   */
  public Optional<MicroBatch> add(AdapterId adapter, TrainingItem item) {
    OpenBatch batch = open.computeIfAbsent(adapter, id -> new OpenBatch(id, limits));
    if (!batch.takes(item)) {
      throw new IllegalStateException("no room for " + item.exampleId() + "; call makeRoom first");
    }
    batch.add(item);
    return batch.isFull() ? Optional.of(close(adapter)) : Optional.empty();
  }

  /** The open batch that must close first: all examples up to its time have joined it. */
  public Optional<Deadline> earliestDeadline() {
    return open.entrySet().stream()
        .map(each -> Deadline.closeBatch(each.getValue().lastJoin(), each.getKey()))
        .min(Deadline.ORDER);
  }

  /** Ends the adapter's open batch, which must exist. */
  public MicroBatch close(AdapterId adapter) {
    return open.remove(adapter).close();
  }

  /** Offset of the earliest example in any open batch: reading must resume there. */
  public OptionalLong firstOffset() {
    return open.values().stream().mapToLong(OpenBatch::firstOffset).min();
  }

  /** Offset of the first example in the adapter's open batch. */
  public OptionalLong firstOffset(AdapterId adapter) {
    OpenBatch batch = open.get(adapter);
    return batch == null ? OptionalLong.empty() : OptionalLong.of(batch.firstOffset());
  }

  /** Examples in the adapter's open batch. */
  public int pending(AdapterId adapter) {
    OpenBatch batch = open.get(adapter);
    return batch == null ? 0 : batch.size();
  }

  /** Forgets the adapter's open batch; its examples have to be read again. */
  public void drop(AdapterId adapter) {
    open.remove(adapter);
  }
}
