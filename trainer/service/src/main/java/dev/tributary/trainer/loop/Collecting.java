package dev.tributary.trainer.loop;

import dev.tributary.foundation.error.TributaryException;
import dev.tributary.trainer.checkpoint.ArtifactCollector;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects orphaned artefacts every now and then, on a thread of its own. */
final class Collecting implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Collecting.class);

  private final ScheduledExecutorService thread;

  private Collecting(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  static Collecting start(ArtifactCollector collector, Duration every, TrainerReporter reporter) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("artefact-collector").factory());
    thread.scheduleWithFixedDelay(
        () -> collect(collector, reporter),
        every.toMillis(),
        every.toMillis(),
        TimeUnit.MILLISECONDS);
    return new Collecting(thread);
  }

  private static void collect(ArtifactCollector collector, TrainerReporter reporter) {
    try {
      reporter.collected(collector.collect().size());
    } catch (TributaryException | KafkaException e) {
      LOG.warn("orphaned artefacts were not looked for; they only take room until next time", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
