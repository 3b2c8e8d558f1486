package dev.tributary.ingest.topology.state;

import dev.tributary.ingest.topology.StateStores;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
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

  /** Adapter, question, answer and example id to an example held back. */
  public static final String WAITING_EXAMPLES = "waiting-examples";

  /** Adapter, question and answer to who said so. */
  public static final String VOICES = "voices";

  /** Adapter and question to the answer that is believed. */
  public static final String BELIEVED = "believed-answers";

  /** Topic and record id to where a record stands that had to wait for voices. */
  public static final String TRUST = "record-trust";

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
        waiting(kind, WAITING, StateSerde.waitingFeedback()));
  }

  /** What believing needs. */
  public static Set<StoreBuilder<?>> trust(StateStores kind, Duration retention) {
    return Set.of(
        waiting(kind, WAITING_EXAMPLES, StateSerde.waitingExamples()),
        recent(kind, VOICES, retention, StateSerde.voices()),
        recent(kind, BELIEVED, retention, Serdes.String()),
        recent(kind, TRUST, retention, StateSerde.trustStates()));
  }

  /** Names a record in {@link #TRUST}. */
  public static String trustKey(String topic, String recordId) {
    return topic + '\0' + recordId;
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

  private static <V> StoreBuilder<KeyValueStore<String, V>> waiting(
      StateStores kind, String name, Serde<V> values) {
    KeyValueBytesStoreSupplier supplier =
        switch (kind) {
          case ROCKSDB -> Stores.persistentKeyValueStore(name);
          case IN_MEMORY -> Stores.inMemoryKeyValueStore(name);
        };
    return Stores.keyValueStoreBuilder(supplier, Serdes.String(), values)
        .withLoggingEnabled(Map.of());
  }
}
