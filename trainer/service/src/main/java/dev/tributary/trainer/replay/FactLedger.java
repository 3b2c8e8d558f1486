package dev.tributary.trainer.replay;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest known answer of each fact, so that an old answer arriving late is known for what it is
 * even if the newer one is not kept as an example. Bounded: the fact that has been quiet for
 * longest is forgotten first.
 */
final class FactLedger {

  private static final long FIXED_BYTES = 3L * Long.BYTES + Integer.BYTES;

  private final int capacity;
  private final Map<String, Fact> facts = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param capacity facts remembered at most
   */
  FactLedger(int capacity) {
    this.capacity = capacity;
  }

  static FactLedger read(StateInput in, int capacity) throws IOException {
    FactLedger ledger = new FactLedger(capacity);
    int count = in.readCount((int) FIXED_BYTES);
    for (int i = 0; i < count; i++) {
      ledger.put(in.readString(), new Fact(in.readLong(), in.readLong(), in.readLong()));
    }
    return ledger;
  }

  boolean isSuperseded(TrainingItem item) {
    Fact known = item.factKey() == null ? null : facts.get(item.factKey());
    return known != null
        && known.answer != item.answer()
        && !item.isNewerThan(known.eventTime, known.offset);
  }

  /** Remembers the item's answer, unless a newer one is known. */
  void note(TrainingItem item) {
    if (item.factKey() == null) {
      return;
    }
    Fact known = facts.get(item.factKey());
    if (known == null || item.isNewerThan(known.eventTime, known.offset)) {
      remove(item.factKey());
      put(item.factKey(), new Fact(item.eventTime(), item.offset(), item.answer()));
    }
  }

  /** Forgets the fact that has been quiet for longest. */
  void forgetOldest() {
    Iterator<String> oldest = facts.keySet().iterator();
    if (oldest.hasNext()) {
      remove(oldest.next());
    }
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return facts.isEmpty();
  }

  void write(StateOutput out) {
    out.writeInt(facts.size());
    facts.forEach(
        (key, fact) -> {
          out.writeString(key);
          out.writeLong(fact.eventTime);
          out.writeLong(fact.offset);
          out.writeLong(fact.answer);
        });
  }

  private void put(String key, Fact fact) {
    facts.put(key, fact);
    bytes += size(key);
    while (facts.size() > capacity) {
      forgetOldest();
    }
  }

  private void remove(String key) {
    if (facts.remove(key) != null) {
      bytes -= size(key);
    }
  }

  private static long size(String key) {
    return FIXED_BYTES + key.getBytes(StandardCharsets.UTF_8).length;
  }

  private record Fact(long eventTime, long offset, long answer) {}
}
