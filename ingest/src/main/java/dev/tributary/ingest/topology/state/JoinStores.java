package dev.tributary.ingest.topology.state;

import dev.tributary.ingest.topology.StateStores;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The topology's stores by name. All are logged to Kafka, so that they move with their partition.
 */
public final class JoinStores {

  /** Request id or alias to the interaction's value as it arrived. */
  public static final String INTERACTIONS = "interactions";

  /** Feedback id to what is known of it. */
  public static final String FEEDBACK = "feedback";

  /** Request id and feedback id to the feedback held back. */
  public static final String WAITING = "waiting";

  /** Adapter and record id to the content hash of an instruction. */
  public static final String INSTRUCTIONS = "instructions";

  /** Adapter and question to the side it went to. */
  public static final String SIDES = "question-sides";

  /** Adapter and answer to how many questions teach it. */
  public static final String ANSWERS = "answer-wordings";

  private JoinStores() {}

  /** What the join needs. */
  public static Set<StoreBuilder<?>> join(StateStores kind, Duration retention) {
    return Set.of(
        recent(kind, INTERACTIONS, retention, Serdes.ByteArray()),
        recent(kind, FEEDBACK, retention, StateSerde.feedbackStates()),
        Stores.keyValueStoreBuilder(keyValue(kind), Serdes.String(), StateSerde.waitingFeedback())
            .withLoggingEnabled(Map.of()));
  }

  /** What telling repeated instructions needs. */
  public static Set<StoreBuilder<?>> instructions(StateStores kind, Duration retention) {
    return Set.of(recent(kind, INSTRUCTIONS, retention, Serdes.String()));
  }

  /** What holding out needs. */
  public static Set<StoreBuilder<?>> split(StateStores kind, Duration retention) {
    return Set.of(
        recent(kind, SIDES, retention, StateSerde.questionSides()),
        recent(kind, ANSWERS, retention, StateSerde.answerWordings()));
  }

  private static <V> StoreBuilder<WindowStore<String, V>> recent(
      StateStores kind, String name, Duration retention, Serde<V> values) {
    WindowBytesStoreSupplier supplier =
        switch (kind) {
          case ROCKSDB -> Stores.persistentWindowStore(name, retention, retention, false);
          case IN_MEMORY -> Stores.inMemoryWindowStore(name, retention, retention, false);
        };
    return Stores.windowStoreBuilder(supplier, Serdes.String(), values)
        .withLoggingEnabled(Map.of());
  }

  private static KeyValueBytesStoreSupplier keyValue(StateStores kind) {
    return switch (kind) {
      case ROCKSDB -> Stores.persistentKeyValueStore(WAITING);
      case IN_MEMORY -> Stores.inMemoryKeyValueStore(WAITING);
    };
  }
}
