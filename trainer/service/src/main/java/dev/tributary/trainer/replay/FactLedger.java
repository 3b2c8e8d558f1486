package dev.tributary.trainer.replay;

import dev.tributary.trainer.pack.Claim;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The newest trusted answer of each fact and of each question, so that an old answer arriving late
 * is known for what it is even if the newer one is not kept as an example. Bounded: the fact that
 * has been quiet for longest is forgotten first.
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

  /**
   * Whether something else is known to hold: a newer answer or, if nobody vouches for the item, any
   * other.
   */
  boolean isSuperseded(TrainingItem item) {
    return keys(item.claim())
        .map(facts::get)
        .filter(Objects::nonNull)
        .anyMatch(
            known ->
                known.answer != item.claim().answer()
                    && !(item.claim().trusted()
                        && item.isNewerThan(known.eventTime, known.offset)));
  }

  /** Remembers a trusted item's answer, unless a newer one is known. */
  void note(TrainingItem item) {
    if (item.claim().trusted()) {
      keys(item.claim()).forEach(key -> note(key, item));
    }
  }

  private void note(String key, TrainingItem item) {
    Fact known = facts.get(key);
    if (known == null || item.isNewerThan(known.eventTime, known.offset)) {
      remove(key);
      put(key, new Fact(item.eventTime(), item.offset(), item.claim().answer()));
    }
  }

  private static Stream<String> keys(Claim claim) {
    String question = "?" + claim.question();
    return claim.factKey() == null
        ? Stream.of(question)
        : Stream.of(question, "=" + claim.factKey());
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
