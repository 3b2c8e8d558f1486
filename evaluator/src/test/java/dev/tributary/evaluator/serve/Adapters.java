package dev.tributary.evaluator.serve;

import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.Verdict;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Plays the evaluator: writes adapters that really change the answers, and releases them in
 * transactions.
 */
final class Adapters implements AutoCloseable {

  private final AdapterId adapter;
  private final SortedMap<Integer, AdapterRelease> newest = new TreeMap<>();
  private final BaseModel base;
  private final Path directory;
  private final KafkaProducer<String, AdapterRelease> producer;

  Adapters(AdapterId adapter, BaseModel base, Path directory, KafkaSettings kafka) {
    this.adapter = adapter;
    this.base = base;
    this.directory = directory;
    Map<String, Object> settings = kafka.producer();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "adapters-of-the-test-" + adapter);
    this.producer =
        new KafkaProducer<>(
            settings,
            new StringSerializer(),
            Contracts.serializer(AdapterRelease.class, new LocalSchemaRegistry()));
    producer.initTransactions();
  }

  /** Where a version is published. */
  Path directoryOf(int version) {
    return directory.resolve(adapter.versionName(version));
  }

  /**
   * Writes a version's directory; its B is random, so it answers differently from the base and from
   * other versions.
   */
  void write(int version) {
    LoraAdapter weights =
        LoraAdapter.fresh(
            base.config(), new LoraConfig(4, 8, 0, List.of("c_attn"), false), version);
    Random random = new Random(version);
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, (float) random.nextGaussian());
              }
            });
    PeftDirectory.write(directoryOf(version), weights, base.name());
  }

  /** A line of the registry for a version that was written. */
  AdapterRelease line(int version, ReleaseState state) {
    return line(version, state, ArtifactStore.hashOf(directoryOf(version)));
  }

  AdapterRelease line(int version, ReleaseState state, String contentHash) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return AdapterRelease.newBuilder()
        .setAdapter(adapter.toString())
        .setVersion(version)
        .setName(adapter.versionName(version))
        .setState(state)
        .setVerdict(Verdict.PASSED)
        .setReasons(List.of("it is better"))
        .setContentHash(contentHash)
        .setPath(directoryOf(version).toString())
        .setBaseModel(base.name())
        .setBaseModelHash(base.fingerprint())
        .setOldestIngestTime(now.minusSeconds(40))
        .setNewestIngestTime(now.minusSeconds(3))
        .setCandidateTime(now)
        .setActor("gate")
        .setEventTime(now)
        .build();
  }

  /** Writes lines in one transaction, as the evaluator does. */
  void release(AdapterRelease... lines) {
    producer.beginTransaction();
    for (AdapterRelease line : lines) {
      producer.send(new ProducerRecord<>(Topics.RELEASES.name(), 0, line.getName(), line));
      newest.put(line.getVersion(), line);
    }
    producer.commitTransaction();
  }

  /** The name of a version. */
  String name(int version) {
    return adapter.versionName(version);
  }

  /** The name of whatever is active. */
  String alias() {
    return adapter.dotted();
  }

  /** Withdraws everything, so that later tests on the same broker need not load it. */
  @Override
  public void close() {
    release(
        newest.values().stream()
            .map(line -> AdapterRelease.newBuilder(line).setState(ReleaseState.ROLLED_BACK).build())
            .toArray(AdapterRelease[]::new));
    producer.close();
  }
}
