package dev.tributary.schemas.topics;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_MS_CONFIG;

import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.TrainingExample;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Every topic of Tributary, with its key, contract and settings.
 *
 * <p>All append the broker's time ({@code LogAppendTime}): the times that mean something are fields
 * of the records, and a client's wrong clock must not decide what retention deletes.
 */
public final class Topics {

  /** Values written from two inputs of at most 1 MiB each, with room for headers. */
  public static final int LARGE_MESSAGE_BYTES = 4 << 20;

  /** Key: adapter id. */
  public static final Topic INSTRUCTIONS =
      log("tributary.instructions", InstructionRecord.class, Duration.ofDays(30), Map.of());

  /** Key: request id. */
  public static final Topic INTERACTIONS =
      log("tributary.interactions", Interaction.class, Duration.ofDays(30), Map.of());

  /** Key: request id. */
  public static final Topic FEEDBACK =
      log("tributary.feedback", Feedback.class, Duration.ofDays(30), Map.of());

  /** Key: adapter id. Kept for good: what a checkpoint was trained on can be replayed. */
  public static final Topic EXAMPLES =
      log("tributary.examples", TrainingExample.class, null, large());

  /** Key: adapter id. Kept for good: never trained on, always measured on. */
  public static final Topic HELDOUT =
      log("tributary.heldout", TrainingExample.class, null, large());

  /** Key and value: as they arrived; the reason is in the headers. */
  public static final Topic DEADLETTERS =
      log("tributary.deadletters", null, Duration.ofDays(90), large());

  /** Key: adapter id. Compacted: the newest pointer is the state. */
  public static final Topic CHECKPOINTS =
      compacted("tributary.checkpoints", CheckpointPointer.class);

  /** Key: adapter id. */
  public static final Topic CANDIDATES =
      log("tributary.candidates", AdapterCandidate.class, Duration.ofDays(365), Map.of());

  /** Key: adapter id and version. Compacted: the newest line of a version is its state. */
  public static final Topic RELEASES = compacted("tributary.releases", AdapterRelease.class);

  /** Key: adapter id. */
  public static final Topic CONTROL =
      log("tributary.control", ControlCommand.class, Duration.ofDays(365), Map.of());

  private Topics() {}

  /** The whole catalogue, in the order records flow. */
  public static List<Topic> all() {
    return List.of(
        INSTRUCTIONS,
        INTERACTIONS,
        FEEDBACK,
        EXAMPLES,
        HELDOUT,
        DEADLETTERS,
        CHECKPOINTS,
        CANDIDATES,
        RELEASES,
        CONTROL);
  }

  /** The registry subjects of all contracts, each once. */
  public static List<String> subjects() {
    return all().stream()
        .flatMap(topic -> topic.contract().stream())
        .map(Class::getName)
        .distinct()
        .toList();
  }

  private static Topic log(
      String name,
      Class<? extends SpecificRecord> contract,
      Duration retention,
      Map<String, String> more) {
    Map<String, String> config = new HashMap<>(more);
    config.put(MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    config.put(RETENTION_MS_CONFIG, String.valueOf(retention == null ? -1 : retention.toMillis()));
    return new Topic(name, Optional.ofNullable(contract), config);
  }

  private static Topic compacted(String name, Class<? extends SpecificRecord> contract) {
    return new Topic(
        name,
        Optional.of(contract),
        Map.of(
            CLEANUP_POLICY_CONFIG,
            CLEANUP_POLICY_COMPACT,
            MESSAGE_TIMESTAMP_TYPE_CONFIG,
            "LogAppendTime",
            // Readers start from the beginning: a closed, compacted tail keeps that short.
            MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1",
            SEGMENT_MS_CONFIG,
            String.valueOf(Duration.ofDays(1).toMillis())));
  }

  private static Map<String, String> large() {
    return Map.of(MAX_MESSAGE_BYTES_CONFIG, String.valueOf(LARGE_MESSAGE_BYTES));
  }
}
