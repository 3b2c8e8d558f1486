package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.trainer.checkpoint.Checkpoint;
import dev.tributary.trainer.checkpoint.InputIdentity;
import dev.tributary.trainer.checkpoint.PointerHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the adapters of a partition from their newest committed checkpoints. A damaged checkpoint
 * is replaced by the newest intact one before it, from which the same records are trained again; if
 * there is none, that adapter alone stops.
 */
final class Restorer {

  private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);

  private final ArtifactStore store;
  private final SessionFactory factory;
  private final InputIdentity input;

  Restorer(ArtifactStore store, SessionFactory factory, InputIdentity input) {
    this.store = store;
    this.factory = factory;
    this.input = input;
  }

  /**
   * The adapters of one partition.
   *
   * @param sessions one for each adapter that has a pointer
   * @param newest checkpoints that were named by the newest pointer and are intact
   * @param rereadFrom the offset older checkpoints need reading from; {@link Long#MAX_VALUE} if all
   *     are the newest
   */
  record Restored(List<AdapterSession> sessions, List<Checkpoint> newest, long rereadFrom) {}

  Restored restore(int partition, PointerHistory history) {
    List<AdapterSession> sessions = new ArrayList<>();
    List<Checkpoint> newest = new ArrayList<>();
    long rereadFrom = Long.MAX_VALUE;
    for (Map.Entry<AdapterId, List<CheckpointPointer>> adapter : history.all().entrySet()) {
      List<CheckpointPointer> pointers = adapter.getValue();
      if (pointers.getFirst().getPosition().getPartition() != partition) {
        continue;
      }
      requireUsable(adapter.getKey(), pointers.getFirst());
      AdapterSession session = null;
      for (int i = 0; session == null && i < pointers.size(); i++) {
        try {
          Path file = store.open(pointers.get(i).getContentHash());
          Checkpoint checkpoint = Checkpoint.read(file);
          session = factory.restore(checkpoint, file);
          if (i == 0) {
            newest.add(checkpoint);
          } else {
            rereadFrom = Math.min(rereadFrom, checkpoint.nextOffset());
            LOG.warn("adapter {}: going on from checkpoint {}", adapter.getKey(), file);
          }
        } catch (CorruptArtifactException e) {
          LOG.error("adapter {}: checkpoint cannot be used", adapter.getKey(), e);
        }
      }
      if (session == null) {
        session = damaged(adapter.getKey(), pointers.getFirst());
      }
      session.raiseVersionFloor(pointers.getFirst().getVersion());
      session.checkpointed();
      sessions.add(session);
    }
    return new Restored(sessions, newest, rereadFrom);
  }

  /** Adapters whose checkpoint belongs to another partition, with that partition. */
  static Map<AdapterId, Integer> elsewhere(int partition, PointerHistory history) {
    Map<AdapterId, Integer> elsewhere = new HashMap<>();
    history
        .all()
        .forEach(
            (adapter, pointers) -> {
              int its = pointers.getFirst().getPosition().getPartition();
              if (its != partition) {
                elsewhere.put(adapter, its);
              }
            });
    return elsewhere;
  }

  private void requireUsable(AdapterId adapter, CheckpointPointer pointer) {
    InputIdentity recorded =
        new InputIdentity(
            pointer.getClusterId(),
            pointer.getPosition().getTopic(),
            pointer.getPosition().getTopicId());
    input.requireSame(recorded, "the checkpoint of adapter " + adapter);
    if (!pointer.getBaseModelHash().equals(factory.baseModelHash())) {
      throw new ConfigException(
          ("base_model: adapter %s was trained on '%s' (fingerprint %s), but the configured model"
                  + " has fingerprint %s; configure that model again, or use a new adapter id")
              .formatted(
                  adapter,
                  pointer.getBaseModel(),
                  pointer.getBaseModelHash(),
                  factory.baseModelHash()));
    }
  }

  private AdapterSession damaged(AdapterId adapter, CheckpointPointer pointer) {
    AdapterSession session = factory.fresh(adapter, pointer.getPosition().getOffset());
    session.stop(
        AdapterSession.State.FAILED,
        "no intact checkpoint is left; restore %s from a backup of %s, then resume"
            .formatted(pointer.getContentHash(), store.directory()),
        OptionalLong.empty());
    return session;
  }
}
