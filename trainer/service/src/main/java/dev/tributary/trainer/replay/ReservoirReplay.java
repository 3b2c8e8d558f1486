package dev.tributary.trainer.replay;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.SavedRandom;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A uniform sample of everything seen: reservoir sampling (Vitter 1985) in its priority form (also
 * bottom-k sampling). Each example draws a random priority once, and those with the smallest
 * priorities are kept, so each is as likely to be there as any other, whenever it came.
 *
 * <p>Unlike the slot form, this stays uniform when examples are taken out again. A superseding
 * answer takes over the priority of the answer it replaces: a fact that was remembered still is,
 * with its new answer, at once. {@link #threshold} keeps room that other removals leave from being
 * filled by whatever comes next, which would favour the newest.
 */
public final class ReservoirReplay implements ReplayBuffer {

  private final ReplayLimits limits;
  private final SavedRandom random;
  private final FactLedger facts;
  private final TreeMap<Long, TrainingItem> kept = new TreeMap<>();
  private long itemBytes;

  /** The smallest priority ever turned away; nothing at or above it may enter. */
  private long threshold = Long.MAX_VALUE;

  public ReservoirReplay(ReplayLimits limits, long seed) {
    this(limits, new SavedRandom(seed), new FactLedger(limits.capacityRecords()));
  }

  private ReservoirReplay(ReplayLimits limits, SavedRandom random, FactLedger facts) {
    this.limits = limits;
    this.random = random;
    this.facts = facts;
  }

  /**
   * Goes on where {@link #write} stopped. Tighter limits than before are met at once.
   *
   * @throws IOException if the bytes are no such buffer
   */
  public static ReservoirReplay read(StateInput in, ReplayLimits limits) throws IOException {
    SavedRandom random = SavedRandom.read(in);
    long threshold = in.readLong();
    FactLedger facts = FactLedger.read(in, limits.capacityRecords());
    ReservoirReplay buffer = new ReservoirReplay(limits, random, facts);
    buffer.threshold = threshold;
    int count = in.readCount(Long.BYTES);
    for (int i = 0; i < count; i++) {
      buffer.keep(in.readLong(), TrainingItem.read(in));
    }
    buffer.shrink();
    return buffer;
  }

  @Override
  public int admit(TrainingItem item) {
    // Drawn even if it is not used: the sequence of draws then depends on the number of examples
    // alone, which makes two runs easy to compare.
    long priority = random.nextLong();
    if (isSuperseded(item)) {
      return 0;
    }
    facts.note(item);
    int superseded = 0;
    for (Iterator<Map.Entry<Long, TrainingItem>> all = kept.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<Long, TrainingItem> entry = all.next();
      if (item.supersedes(entry.getValue())) {
        priority = superseded == 0 ? entry.getKey() : priority;
        itemBytes -= entry.getValue().bytes();
        superseded++;
        all.remove();
      }
    }
    if (priority < threshold && item.bytes() <= limits.capacityBytes()) {
      keep(priority, item);
    }
    shrink();
    return superseded;
  }

  @Override
  public boolean isSuperseded(TrainingItem item) {
    return facts.isSuperseded(item);
  }

  @Override
  public List<TrainingItem> sample(int count, int maxTokens) {
    return Draw.of(List.copyOf(kept.values()), count, maxTokens, random);
  }

  @Override
  public void replaceAll(UnaryOperator<TrainingItem> change) {
    kept.replaceAll(
        (priority, item) -> {
          TrainingItem changed = change.apply(item);
          if (changed != item) {
            itemBytes += changed.bytes() - item.bytes();
            facts.note(changed);
          }
          return changed;
        });
    shrink();
  }

  @Override
  public int size() {
    return kept.size();
  }

  @Override
  public long bytes() {
    return itemBytes + facts.bytes();
  }

  @Override
  public List<TrainingItem> items() {
    return List.copyOf(kept.values());
  }

  @Override
  public void write(StateOutput out) {
    random.write(out);
    out.writeLong(threshold);
    facts.write(out);
    out.writeInt(kept.size());
    kept.forEach(
        (priority, item) -> {
          out.writeLong(priority);
          item.write(out);
        });
  }

  private void keep(long priority, TrainingItem item) {
    TrainingItem same = kept.put(priority, item);
    itemBytes += item.bytes() - (same == null ? 0 : same.bytes());
  }

  private void shrink() {
    while (kept.size() > limits.capacityRecords()
        || (bytes() > limits.capacityBytes() && !kept.isEmpty())) {
      Map.Entry<Long, TrainingItem> last = kept.pollLastEntry();
      itemBytes -= last.getValue().bytes();
      threshold = Math.min(threshold, last.getKey());
    }
    while (bytes() > limits.capacityBytes() && !facts.isEmpty()) {
      facts.forgetOldest();
    }
  }
}
