package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.publish.Publisher;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.ReleaseLedger;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.evaluator.score.AdapterLoader;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes versions through their life: gated, published, active, retired. Each step is first done,
 * then written to the log; a process killed in between does it again, which changes nothing. So a
 * version is never active in the log before servers can load it, and only versions that passed (or
 * that a person forced) ever become active. One thread.
 */
final class Publication {

  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
  private static final Map<TopicPartition, OffsetAndMetadata> NO_OFFSETS = Map.of();

  private final Publisher publisher;
  private final AdapterLoader loader;
  private final ReleaseLedger ledger;
  private final LoopListener listener;
  private final Clock clock;

  Publication(
      Publisher publisher,
      AdapterLoader loader,
      ReleaseLedger ledger,
      LoopListener listener,
      Clock clock) {
    this.publisher = publisher;
    this.loader = loader;
    this.ledger = ledger;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Finishes what a crash may have left: versions that passed but do not answer yet, and aliases
   * that are behind the log.
   */
  void resume() {
    for (AdapterVersions adapter : ledger.registry().adapters()) {
      adapter.newest(ReleaseLine::isHalfPublished).ifPresent(this::complete);
      AdapterVersions now = ledger.registry().of(adapter.adapter());
      now.active().ifPresentOrElse(this::repair, () -> publisher.deactivate(adapter.adapter()));
    }
  }

  private void repair(ReleaseLine active) {
    try {
      place(active);
      publisher.activate(active.adapter(), active.version());
    } catch (CorruptArtifactException e) {
      LOG.error("{} is active but cannot be published again: {}", active.name(), e.getMessage());
    }
  }

  /** Publishes a version that passed, step by step, until it answers. */
  void complete(ReleaseLine passed) {
    long start = System.nanoTime();
    ReleaseLine line = passed;
    try {
      if (line.state() == ReleaseState.GATED) {
        line = place(line).moved(ReleaseState.PUBLISHED, Actors.GATE, "published", clock.instant());
        ledger.commit(List.of(line), NO_OFFSETS);
      }
      activate(line, Actors.GATE, "passed the gate", ReleaseState.RETIRED, NO_OFFSETS);
      listener.published(publisher.name(), Duration.ofNanos(System.nanoTime() - start));
    } catch (CorruptArtifactException e) {
      LOG.error("{} passed but cannot be published: {}", line.name(), e.getMessage());
      ledger.commit(List.of(refused(line, e.getMessage())), NO_OFFSETS);
    }
  }

  private ReleaseLine refused(ReleaseLine line, String why) {
    AdapterRelease failed =
        AdapterRelease.newBuilder(line.release())
            .setVerdict(Verdict.FAILED)
            .setReasons(List.of(why))
            .build();
    return new ReleaseLine(failed, line.mark())
        .moved(ReleaseState.GATED, Actors.GATE, "corrupt_artifact", clock.instant());
  }

  /** Makes the files of a version available; the returned line names where. */
  private ReleaseLine place(ReleaseLine line) {
    return line.at(
        publisher.publish(line.adapter(), line.version(), loader.directory(line.release())));
  }

  /**
   * Makes a version answer, publishing it where needed, and writes it to the log together with the
   * version it replaces.
   *
   * @param replaced state of the version that answered until now
   * @param offsets settled with it
   * @throws CorruptArtifactException if it cannot be published; then nothing has changed
   */
  void activate(
      ReleaseLine line,
      String actor,
      String reason,
      ReleaseState replaced,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    ReleaseLine placed = place(line);
    publisher.activate(line.adapter(), line.version());
    List<ReleaseLine> lines = new ArrayList<>();
    ledger
        .registry()
        .active(line.adapter())
        .filter(previous -> previous.version() != line.version())
        .map(previous -> replaced(previous, replaced, actor, reason, line.name()))
        .ifPresent(lines::add);
    lines.add(placed.moved(ReleaseState.ACTIVE, actor, reason, clock.instant()));
    ledger.commit(lines, offsets);
    LOG.info("{} answers for {} now ({})", line.name(), line.adapter(), reason);
  }

  /** Lets the base model answer again. */
  void deactivate(
      AdapterId adapter,
      String actor,
      String reason,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    publisher.deactivate(adapter);
    Optional<ReleaseLine> line =
        ledger
            .registry()
            .active(adapter)
            .map(active -> active.moved(ReleaseState.ROLLED_BACK, actor, reason, clock.instant()));
    ledger.commit(line.stream().toList(), offsets);
    LOG.info("the base model answers for {} now ({})", adapter, reason);
  }

  private ReleaseLine replaced(
      ReleaseLine previous, ReleaseState state, String actor, String reason, String successor) {
    String why = state == ReleaseState.ROLLED_BACK ? reason : "replaced by " + successor;
    return previous.moved(state, actor, why, clock.instant());
  }
}
