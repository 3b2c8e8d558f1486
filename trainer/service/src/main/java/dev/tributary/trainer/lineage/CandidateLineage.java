package dev.tributary.trainer.lineage;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
 * @param lastTimestamp log-append time of the last one
 * @param urgent whether one of them corrects, with trust, an answer that was given
 * @param notLearnt ids of told records that are not answered as told although the budget is spent;
 *     the first {@value #MOST_NOT_LEARNT}
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
    long lastTimestamp,
    boolean urgent,
    SortedSet<String> notLearnt,
    long oldestIngestTime,
    long newestIngestTime) {

  public static final CandidateLineage EMPTY =
      new CandidateLineage(
          0,
          new TreeMap<>(),
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          false,
          new TreeSet<>(),
          Long.MAX_VALUE,
          Long.MIN_VALUE);

  /** A candidate is a message on a topic and must not grow without bound. */
  private static final int MOST_NOT_LEARNT = 100;

  public CandidateLineage {
    slices = Collections.unmodifiableSortedMap(new TreeMap<>(slices));
    notLearnt = Collections.unmodifiableSortedSet(new TreeSet<>(notLearnt));
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
        in.readInt() == 1,
        readIds(in),
        in.readLong(),
        in.readLong());
  }

  private static SortedSet<String> readIds(StateInput in) throws IOException {
    SortedSet<String> ids = new TreeSet<>();
    for (int left = in.readCount(Integer.BYTES); left > 0; left--) {
      ids.add(in.readString());
    }
    return ids;
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
    boolean isUrgent = urgent;
    for (TrainingItem item : batch.trained()) {
      moreSlices.merge(item.slice(), 1L, Long::sum);
      oldest = Math.min(oldest, item.ingestTime());
      newest = Math.max(newest, item.ingestTime());
      isUrgent |= item.claim().trusted() && item.claim().isCorrection();
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
        batch.trained().getLast().timestamp(),
        isUrgent,
        withNotLearnt(batch),
        oldest,
        newest);
  }

  private SortedSet<String> withNotLearnt(TrainedBatch batch) {
    SortedSet<String> ids = new TreeSet<>(notLearnt);
    for (TrainingItem item : batch.notLearnt()) {
      if (ids.size() < MOST_NOT_LEARNT && !item.recordId().isEmpty()) {
        ids.add(item.recordId());
      }
    }
    return ids;
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
    out.writeLong(lastTimestamp);
    out.writeInt(urgent ? 1 : 0);
    out.writeInt(notLearnt.size());
    notLearnt.forEach(out::writeString);
    out.writeLong(oldestIngestTime);
    out.writeLong(newestIngestTime);
  }
}
