package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.TopicAdmin;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.schemas.topics.Topics;
import dev.tributary.trainer.checkpoint.LogReader;
import dev.tributary.trainer.checkpoint.PointerHistory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.awaitility.Awaitility;

/** What trainers have committed, read from outside. */
final class TrainerLog implements AutoCloseable {

  private final int partitions;
  private final Admin admin;
  private final LogReader log;

  TrainerLog(String bootstrapServers, int partitions) {
    this.partitions = partitions;
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    this.admin = Admin.create(settings);
    this.log = new LogReader(settings, admin, Duration.ofSeconds(30));
    createTopics();
  }

  Admin admin() {
    return admin;
  }

  void createTopics() {
    TopicAdmin.ensure(admin, new TopicSettings(partitions, 1), Duration.ofSeconds(60));
  }

  /** Forgets everything trainers wrote; the examples stay. */
  void deleteOutputs() throws Exception {
    List<String> outputs =
        List.of(Topics.CHECKPOINTS.name(), Topics.CANDIDATES.name(), Topics.DEADLETTERS.name());
    admin.deleteTopics(outputs).all().get();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> admin.listTopics().names().get().stream().noneMatch(outputs::contains));
    createTopics();
  }

  /** The offset after the last committed example of each partition that has any. */
  Map<Integer, Long> exampleEnds() {
    Map<Integer, Long> ends = new HashMap<>();
    log.snapshot()
        .read(
            Topics.EXAMPLES.name(), message -> ends.put(message.partition(), message.offset() + 1));
    return ends;
  }

  /** The group's committed offset of each partition. */
  Map<Integer, Long> committed(String group) throws Exception {
    Map<Integer, Long> offsets = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    committed.forEach((partition, at) -> offsets.put(partition.partition(), at.offset()));
    return offsets;
  }

  SortedMap<AdapterId, CheckpointPointer> pointers() {
    SortedMap<AdapterId, CheckpointPointer> newest = new TreeMap<>();
    PointerHistory.read(
            log.snapshot(), Contracts.decoder(CheckpointPointer.class, new LocalSchemaRegistry()))
        .all()
        .forEach((adapter, pointers) -> newest.put(adapter, pointers.getFirst()));
    return newest;
  }

  /** All candidates in the order of their names. */
  List<AdapterCandidate> candidates() {
    var decoder = Contracts.decoder(AdapterCandidate.class, new LocalSchemaRegistry());
    List<AdapterCandidate> candidates = new ArrayList<>();
    log.snapshot()
        .read(Topics.CANDIDATES.name(), message -> candidates.add(decoder.decode(message.value())));
    candidates.sort(Comparator.comparing(AdapterCandidate::getName));
    return candidates;
  }

  /** Partition, offset, stage and reason of each dead letter, sorted. */
  List<String> deadLetters() {
    List<String> letters = new ArrayList<>();
    log.snapshot()
        .read(
            Topics.DEADLETTERS.name(),
            message -> {
              StringBuilder letter = new StringBuilder();
              for (String header :
                  List.of(
                      "__streams.errors.partition",
                      "__streams.errors.offset",
                      "tributary.stage",
                      "tributary.reason")) {
                letter
                    .append(
                        new String(
                            message.headers().lastHeader(header).value(), StandardCharsets.UTF_8))
                    .append(' ');
              }
              letters.add(letter.toString().strip());
            });
    letters.sort(String::compareTo);
    return letters;
  }

  /** What a run leaves behind, without times of day. */
  record Outcome(
      Map<String, String> checkpoints, List<String> candidates, List<String> deadLetters) {}

  Outcome outcome() {
    Map<String, String> checkpoints = new TreeMap<>();
    pointers().forEach((id, pointer) -> checkpoints.put(id.toString(), pointer.getContentHash()));
    return new Outcome(
        checkpoints,
        candidates().stream()
            .map(c -> c.getName() + " " + c.getContentHash() + " " + c.getCheckpointHash())
            .toList(),
        deadLetters());
  }

  /** Whether a group has trained everything and made candidates of it. */
  boolean isDone(String group, Map<Integer, Long> ends) {
    try {
      if (!committed(group).equals(ends)) {
        return false;
      }
    } catch (Exception e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new IllegalStateException(e);
    }
    Map<String, Long> emitted = new HashMap<>();
    candidates().forEach(c -> emitted.merge(c.getAdapter(), c.getExamplesTrained(), Math::max));
    Map<String, Long> trained = new HashMap<>();
    pointers().forEach((id, pointer) -> trained.put(id.toString(), pointer.getExamplesTrained()));
    return emitted.equals(trained);
  }

  @Override
  public void close() {
    admin.close();
  }
}
