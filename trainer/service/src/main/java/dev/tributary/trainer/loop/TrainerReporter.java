package dev.tributary.trainer.loop;

import dev.tributary.engine.train.StepResult;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.health.HealthFlag;
import dev.tributary.trainer.checkpoint.CommitFailure;
import dev.tributary.trainer.learn.TrainingObserver;
import dev.tributary.trainer.metrics.AdapterStatus;
import dev.tributary.trainer.metrics.TrainerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what happens in the loop into meters, health and status. Read by any thread. */
final class TrainerReporter
    implements LoopListener, TrainingObserver, PartitionCounts, ControlLog.Counter {

  private static final Logger LOG = LoggerFactory.getLogger(TrainerReporter.class);

  private final TrainerMetrics metrics;
  private final Health health;
  private final HealthFlag training;
  private final Clock clock;
  private final Map<TopicPartition, Long> unread =
      new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
  private volatile List<AdapterStatus> adapters = List.of();

  TrainerReporter(TrainerMetrics metrics, Health health, Clock clock) {
    this.metrics = metrics;
    this.health = health;
    this.training = health.flag("training");
    this.clock = clock;
    training.notReady("joining the consumer group");
  }

  List<AdapterStatus> adapters() {
    return adapters;
  }

  @Override
  public void ready() {
    training.ready();
  }

  @Override
  public void notReady(String reason) {
    training.notReady(reason);
  }

  @Override
  public void failed(Throwable cause) {
    LOG.error("training has stopped", cause);
    training.notReady(cause.getMessage());
    health.failed("training has stopped: " + cause.getMessage());
  }

  @Override
  public void committed(Worker.Finished finished, Duration commitDuration) {
    AdapterSession session = finished.job().session();
    metrics.checkpointDuration(finished.result().storeDuration().plus(commitDuration));
    metrics.checkpointCommitted(clock.instant().getEpochSecond());
    finished
        .result()
        .trained()
        .ifPresent(
            batch -> {
              long items = batch.newItems() + batch.replayedItems();
              metrics.trained(session.id(), batch.trained().size());
              metrics.replay(
                  session.id(),
                  items == 0 ? 0 : (double) batch.replayedItems() / items,
                  session.memory().buffer().bytes());
            });
    finished
        .result()
        .candidate()
        .ifPresent(
            candidate -> {
              metrics.candidate(session.id());
              LOG.info(
                  "candidate {}: {} new examples, step {}, loss {}",
                  candidate.getName(),
                  candidate.getNewExamples(),
                  candidate.getStep(),
                  candidate.getTrainLoss());
            });
  }

  @Override
  public void commitFailed(CommitFailure failure) {
    metrics.commitFailed(failure.kind().name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void status(List<AdapterStatus> now) {
    adapters = List.copyOf(now);
  }

  @Override
  public void backlog(AdapterId adapter, long records) {
    metrics.backlog(metrics.label(adapter), records);
  }

  @Override
  public void unread(TopicPartition partition, long records) {
    unread.put(partition, records);
    metrics.backlog("other", unread.values().stream().mapToLong(Long::longValue).sum());
  }

  @Override
  public void superseded(AdapterId adapter, int examples, int forgotten) {
    metrics.skipped(adapter, "superseded", examples);
    metrics.forgotten(adapter, forgotten);
  }

  @Override
  public void stepped(AdapterId adapter, StepResult result, Duration duration) {
    metrics.step(adapter, result.tokens(), result.meanLoss());
    metrics.stepDuration(duration);
  }

  @Override
  public void taught(AdapterId adapter, int passes, int notLearnt) {
    if (notLearnt > 0) {
      LOG.warn(
          "{}: {} examples are not answered as told after {} passes; they are rehearsed from now"
              + " on",
          adapter,
          notLearnt,
          passes);
    }
    metrics.notLearnt(adapter, notLearnt);
  }

  @Override
  public void diverged(AdapterId adapter) {
    metrics.diverged(adapter);
  }

  @Override
  public void truncated(AdapterId adapter) {
    metrics.truncated(adapter);
  }

  @Override
  public void skipped(AdapterId adapter, String reason) {
    metrics.skipped(adapter, reason, 1);
  }

  @Override
  public void deadLetter(String reason) {
    metrics.deadLetter(reason);
  }

  @Override
  public void command(String command, ControlLog.Outcome outcome) {
    metrics.command(command, outcome.name().toLowerCase(Locale.ROOT));
  }

  void collected(int artifacts) {
    metrics.collected(artifacts);
  }
}
