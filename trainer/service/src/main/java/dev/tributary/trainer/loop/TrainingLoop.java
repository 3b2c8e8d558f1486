package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.trainer.checkpoint.CommitFailure;
import dev.tributary.trainer.checkpoint.TopicTail;
import dev.tributary.trainer.learn.DivergedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consume, pack, train, commit: one turn after the other, on the thread that talks to Kafka. It
 * never blocks for long: a job runs on the {@link Worker}'s thread while this one keeps polling
 * with all partitions paused, so that training may take as long as it likes.
 *
 * <p>Whatever goes wrong between two commits has one remedy: drop what is in memory and load the
 * partition again from its newest committed checkpoint.
 */
final class TrainingLoop {

  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);
  private static final Duration POLL_BUSY = Duration.ofMillis(20);
  private static final Duration POLL_IDLE = Duration.ofMillis(100);
  private static final long PROGRESS_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long WATCH_NANOS = Duration.ofSeconds(10).toNanos();

  private final Consumer<byte[], byte[]> consumer;
  private final Assignments assignments;
  private final PartitionLoader loader;
  private final Worker worker;
  private final Transactions transactions;
  private final EndOfLog endOfLog;
  private final ControlLog control;
  private final TopicTail controlTail;
  private final LoopListener listener;
  private final StatusReport status;
  private final LongSupplier nanoTime;
  private final Backoff backoff = new Backoff();
  private TopicPartition lastTurn;
  private long lastProgress;
  private long lastWatch;

  TrainingLoop(
      Consumer<byte[], byte[]> consumer,
      PartitionLoader loader,
      Worker worker,
      Transactions transactions,
      EndOfLog endOfLog,
      ControlLog control,
      TopicTail controlTail,
      LoopListener listener,
      LongSupplier nanoTime) {
    this.consumer = consumer;
    this.assignments = new Assignments(consumer);
    this.loader = loader;
    this.worker = worker;
    this.transactions = transactions;
    this.endOfLog = endOfLog;
    this.control = control;
    this.controlTail = controlTail;
    this.listener = listener;
    this.status = new StatusReport(listener);
    this.nanoTime = nanoTime;
    this.lastProgress = nanoTime.getAsLong();
    this.lastWatch = lastProgress;
  }

  void subscribe(String topic) {
    consumer.subscribe(List.of(topic), assignments);
  }

  /**
   * One turn; the caller repeats it until it wants to stop.
   *
   * @throws RuntimeException when only a person can help
   */
  void turn() {
    if (worker.isBusy()) {
      holdAll(POLL_BUSY);
      worker.poll().ifPresent(this::finish);
      return;
    }
    if (backoff.mustWait(nanoTime.getAsLong())) {
      holdAll(POLL_IDLE);
      return;
    }
    try {
      watchLog();
      obey();
      load();
      Optional<Job> job = nextJob();
      if (job.isPresent()) {
        worker.start(job.get());
      } else {
        commitProgress();
        fetch();
      }
    } catch (RetriableException e) {
      retryLater(e);
    }
  }

  /** A topic made again under our feet could look like ours that has grown. */
  private void watchLog() {
    if (nanoTime.getAsLong() - lastWatch >= WATCH_NANOS) {
      loader.requireSameLog();
      lastWatch = nanoTime.getAsLong();
    }
  }

  private void obey() {
    for (AdapterId resumed : control.apply(controlTail.poll())) {
      for (PartitionWork work : assignments.works()) {
        work.sessions().find(resumed).ifPresent(session -> resume(work, session));
      }
    }
    for (PartitionWork work : assignments.works()) {
      for (AdapterSession session : work.sessions().all()) {
        if (session.isActive() && control.isPaused(session.id())) {
          work.stop(session, AdapterSession.State.PAUSED, "paused by command");
        }
      }
    }
  }

  private void resume(PartitionWork work, AdapterSession session) {
    switch (session.state()) {
      case ACTIVE -> {}
      case PAUSED ->
          work.resume(session).ifPresent(offset -> consumer.seek(work.partition(), offset));
      // What is in memory may be half a step ahead of the last good checkpoint.
      case FAILED -> assignments.reload(work.partition());
    }
  }

  private void load() {
    Set<TopicPartition> partitions = assignments.toLoad();
    if (partitions.isEmpty()) {
      return;
    }
    listener.notReady("loading checkpoints of " + partitions);
    for (PartitionWork work : loader.load(consumer, partitions)) {
      consumer.seek(work.partition(), work.position());
      assignments.loaded(work);
      LOG.info(
          "{}: {} adapters, reading from {}",
          work.partition(),
          work.sessions().all().size(),
          work.position());
    }
    backoff.succeed();
  }

  private Optional<Job> nextJob() {
    for (PartitionWork work : assignments.worksAfter(lastTurn)) {
      Optional<Job> job = work.next(OptionalLong.empty());
      if (job.isEmpty()) {
        job = work.next(endOfLog.complete(work));
      }
      if (job.isPresent()) {
        lastTurn = work.partition();
        return job;
      }
    }
    return Optional.empty();
  }

  private void finish(Worker.Finished finished) {
    Optional<PartitionWork> owner = assignments.owner(finished.job());
    if (owner.isEmpty()) {
      LOG.info("{}: no longer ours; its step is dropped", finished.job().partition());
      return;
    }
    PartitionWork work = owner.get();
    switch (finished.failure()) {
      case null -> commit(work, finished);
      case DivergedException diverged -> {
        String reason = "%s: %s".formatted(finished.job().partition(), diverged.getMessage());
        LOG.error("{}", reason, diverged);
        work.stopAfter(finished.job(), AdapterSession.State.FAILED, reason);
        publish();
      }
      case RetriableException later -> {
        assignments.reload(work.partition());
        retryLater(later);
      }
      case RuntimeException bug -> throw bug;
      case Throwable grave -> throw new IllegalStateException("training failed", grave);
    }
  }

  private void commit(PartitionWork work, Worker.Finished finished) {
    long start = nanoTime.getAsLong();
    AdapterSession session = finished.job().session();
    session.checkpointed();
    try {
      transactions.commit(work, finished.result(), consumer.groupMetadata());
      backoff.succeed();
      finished
          .result()
          .trained()
          .ifPresent(batch -> status.trained(session.id(), batch, finished.duration()));
      listener.committed(finished, Duration.ofNanos(nanoTime.getAsLong() - start));
      publish();
    } catch (CommitFailure e) {
      drop(e);
    }
  }

  /** Nothing in memory is known to be true any more. */
  private void drop(CommitFailure failure) {
    LOG.warn("work since the last commit is dropped and done again", failure);
    listener.commitFailed(failure);
    assignments.reloadAll();
    retryLater(new RetriableException(failure.getMessage(), failure));
  }

  private void commitProgress() {
    if (nanoTime.getAsLong() - lastProgress < PROGRESS_NANOS) {
      return;
    }
    lastProgress = nanoTime.getAsLong();
    for (PartitionWork work : assignments.works()) {
      if (work.hasProgress()) {
        try {
          transactions.commitProgress(work, consumer.groupMetadata());
        } catch (CommitFailure e) {
          drop(e);
          return;
        }
      }
    }
  }

  private void fetch() {
    long patience = POLL_IDLE.toMillis();
    for (PartitionWork work : assignments.works()) {
      List<TopicPartition> partition = List.of(work.partition());
      if (work.isDrained()) {
        consumer.resume(partition);
      } else {
        consumer.pause(partition);
      }
      patience = Math.min(patience, endOfLog.millisToDeadline(work).orElse(patience));
    }
    deliver(consumer.poll(Duration.ofMillis(Math.max(1, patience))));
    if (assignments.isReady()) {
      readiness();
    }
    publish();
  }

  private void readiness() {
    List<String> failed =
        assignments.works().stream()
            .flatMap(work -> work.sessions().all().stream())
            .filter(session -> session.state() == AdapterSession.State.FAILED)
            .map(session -> session.id() + ": " + session.reason())
            .toList();
    if (failed.isEmpty()) {
      listener.ready();
    } else {
      listener.notReady(String.join("; ", failed));
    }
  }

  /** Stays in the group without reading anything. */
  private void holdAll(Duration patience) {
    consumer.pause(consumer.assignment());
    deliver(consumer.poll(patience));
  }

  private void deliver(ConsumerRecords<byte[], byte[]> records) {
    for (PartitionWork work : assignments.works()) {
      work.fetched(records.records(work.partition()));
    }
  }

  private void publish() {
    status.publish(assignments.works(), consumer);
  }

  private void retryLater(RetriableException e) {
    LOG.warn("trying again later: {}", e.getMessage());
    listener.notReady(e.getMessage());
    backoff.fail(nanoTime.getAsLong());
  }
}
