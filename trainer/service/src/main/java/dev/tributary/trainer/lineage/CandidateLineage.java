package dev.tributary.trainer.lineage;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the next candidate is made of. Immutable.
 *
 * @param examples new examples
 * @param slices the same by slice
 * @param newItems sequences stepped that were new
 * @param replayedItems sequences stepped that were rehearsed
 * @param lossSum summed loss over supervised tokens, in nats
 * @param supervisedTokens tokens that sum is over
 * @param fromOffset offset of the first new example; meaningless while there is none, as all below
 * @param firstTimestamp log-append time of the first new example
 * @param oldestIngestTime when the oldest of them was accepted
 * @param newestIngestTime when the newest of them was accepted
 */
public record CandidateLineage(
    long examples,
    SortedMap<String, Long> slices,
    long newItems,
    long replayedItems,
    double lossSum,
    long supervisedTokens,
    long fromOffset,
    long firstTimestamp,
    long oldestIngestTime,
    long newestIngestTime) {

  public static final CandidateLineage EMPTY =
      new CandidateLineage(0, new TreeMap<>(), 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

  public CandidateLineage {
    slices = Collections.unmodifiableSortedMap(new TreeMap<>(slices));
  }

  static CandidateLineage read(StateInput in) throws IOException {
    long examples = in.readLong();
    SortedMap<String, Long> slices = new TreeMap<>();
    int count = in.readCount(Integer.BYTES + Long.BYTES);
    for (int i = 0; i < count; i++) {
      slices.put(in.readString(), in.readLong());
    }
    return new CandidateLineage(
        examples,
        slices,
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }

  public boolean isEmpty() {
    return examples == 0;
  }

  /** Rehearsed share of all sequences stepped, 0 to 1. */
  public double replayRatio() {
    long items = newItems + replayedItems;
    return items == 0 ? 0 : (double) replayedItems / items;
  }

  /** Loss per supervised token, in nats. */
  public double meanLoss() {
    return supervisedTokens == 0 ? 0 : lossSum / supervisedTokens;
  }

  CandidateLineage plus(TrainedBatch batch) {
    if (batch.trained().isEmpty()) {
      return this;
    }
    SortedMap<String, Long> moreSlices = new TreeMap<>(slices);
    long oldest = oldestIngestTime;
    long newest = newestIngestTime;
    for (TrainingItem item : batch.trained()) {
      moreSlices.merge(item.slice(), 1L, Long::sum);
      oldest = Math.min(oldest, item.ingestTime());
      newest = Math.max(newest, item.ingestTime());
    }
    TrainingItem first = batch.trained().getFirst();
    return new CandidateLineage(
        examples + batch.trained().size(),
        moreSlices,
        newItems + batch.newItems(),
        replayedItems + batch.replayedItems(),
        lossSum + batch.lossSum(),
        supervisedTokens + batch.supervisedTokens(),
        isEmpty() ? first.offset() : fromOffset,
        isEmpty() ? first.timestamp() : firstTimestamp,
        oldest,
        newest);
  }

  void write(StateOutput out) {
    out.writeLong(examples);
    out.writeInt(slices.size());
    slices.forEach(
        (slice, number) -> {
          out.writeString(slice);
          out.writeLong(number);
        });
    out.writeLong(newItems);
    out.writeLong(replayedItems);
    out.writeDouble(lossSum);
    out.writeLong(supervisedTokens);
    out.writeLong(fromOffset);
    out.writeLong(firstTimestamp);
    out.writeLong(oldestIngestTime);
    out.writeLong(newestIngestTime);
  }
}
