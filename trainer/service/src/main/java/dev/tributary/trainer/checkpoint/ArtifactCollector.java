package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes artefacts nobody names: what transactions that failed left behind, and checkpoints that
 * newer ones have replaced. Kept are the newest checkpoints of each adapter, and everything any
 * candidate or release names. If a topic cannot be read to its end, or a record in it cannot be
 * read, nothing is deleted.
 */
public final class ArtifactCollector {

  private static final Logger LOG = LoggerFactory.getLogger(ArtifactCollector.class);

  private final ArtifactStore store;
  private final LogReader log;
  private final SchemaRegistry registry;
  private final int keepCheckpoints;
  private final Duration grace;
  private final InstantSource clock;

  /**
   * @param keepCheckpoints newest checkpoints kept of each adapter
   * @param grace how old an orphan must be to be deleted
   */
  public ArtifactCollector(
      ArtifactStore store,
      LogReader log,
      SchemaRegistry registry,
      int keepCheckpoints,
      Duration grace,
      InstantSource clock) {
    this.store = store;
    this.log = log;
    this.registry = registry;
    this.keepCheckpoints = keepCheckpoints;
    this.grace = grace;
    this.clock = clock;
  }

  /**
   * Looks once.
   *
   * @return hashes of what was deleted
   * @throws RetriableException if a topic or the store cannot be read now
   * @throws BadRecordException if a record cannot be read, so that what it names is unknown
   */
  public List<String> collect() {
    Set<String> named = new HashSet<>();
    named.addAll(
        PointerHistory.read(log.snapshot(), Contracts.decoder(CheckpointPointer.class, registry))
            .newestHashes(keepCheckpoints));
    named.addAll(
        hashes(Topics.CANDIDATES.name(), AdapterCandidate.class, AdapterCandidate::getContentHash));
    named.addAll(
        hashes(Topics.RELEASES.name(), AdapterRelease.class, AdapterRelease::getContentHash));
    List<String> deleted = store.sweep(named, clock.instant().minus(grace));
    if (!deleted.isEmpty()) {
      LOG.info("deleted {} orphaned artefacts", deleted.size());
    }
    return deleted;
  }

  private <T extends SpecificRecord> Set<String> hashes(
      String topic, Class<T> type, Function<T, String> hash) {
    AvroDecoder<T> decoder = Contracts.decoder(type, registry);
    Set<String> hashes = new HashSet<>();
    log.snapshot()
        .read(
            topic,
            message -> {
              if (message.value() != null) {
                hashes.add(hash.apply(decoder.decode(message.value())));
              }
            });
    return hashes;
  }
}
