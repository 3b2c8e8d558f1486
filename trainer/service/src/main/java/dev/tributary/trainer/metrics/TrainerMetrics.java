package dev.tributary.trainer.metrics;

import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.metrics.LabelCap;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Every meter of the trainer; names in the comments are what Prometheus shows. Counters of what is
 * trained also count work that is dropped because its transaction failed; the topics and
 * checkpoints never do. Safe for any thread.
 */
public final class TrainerMetrics {

  private static final int MAX_ADAPTERS = 100;
  private static final Duration[] STEP_BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final LabelCap adapters = new LabelCap(MAX_ADAPTERS);
  private final Map<String, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

  public TrainerMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * {@code tributary_train_tokens_total}, {@code tributary_train_steps_total}, {@code
   * tributary_train_loss}: one optimiser step.
   *
   * @param loss per supervised token, in nats
   */
  public void step(AdapterId adapter, int tokens, double loss) {
    adapterCounter("tributary.train.tokens", "Tokens stepped, rehearsal included", adapter)
        .increment(tokens);
    adapterCounter("tributary.train.steps", "Optimiser steps", adapter).increment();
    adapterGauge(
        "tributary.train.loss", "Loss per supervised token of the last step", adapter, loss);
  }

  /** {@code tributary_train_diverged_total}: steps refused for a value that is not finite. */
  public void diverged(AdapterId adapter) {
    adapterCounter(
            "tributary.train.diverged",
            "Steps whose loss, gradient or weights were not finite; the log names the examples",
            adapter)
        .increment();
  }

  /** {@code tributary_train_step_duration_seconds}. */
  public void stepDuration(Duration duration) {
    timer("tributary.train.step.duration", "One optimiser step").record(duration);
  }

  /** {@code tributary_checkpoint_duration_seconds}: writing bytes and committing. */
  public void checkpointDuration(Duration duration) {
    timer("tributary.checkpoint.duration", "Storing and committing a checkpoint").record(duration);
  }

  /** {@code tributary_checkpoint_last_success_timestamp_seconds}. */
  public void checkpointCommitted(long epochSeconds) {
    gauge(
        "tributary.checkpoint.last.success.timestamp",
        "seconds",
        "When the newest checkpoint was committed",
        Map.of(),
        epochSeconds);
  }

  /** {@code tributary_examples_trained_total}: new examples, committed. */
  public void trained(AdapterId adapter, int examples) {
    adapterCounter("tributary.examples.trained", "New examples trained and committed", adapter)
        .increment(examples);
  }

  /** {@code tributary_candidates_total}: candidates committed. */
  public void candidate(AdapterId adapter) {
    adapterCounter("tributary.candidates", "Candidates emitted", adapter).increment();
  }

  /** {@code tributary_examples_skipped_total}: read but not trained, by reason. */
  public void skipped(AdapterId adapter, String reason, int examples) {
    if (examples > 0) {
      Counter.builder("tributary.examples.skipped")
          .description("Examples read but not trained")
          .tag("adapter", label(adapter))
          .tag("reason", reason)
          .register(registry)
          .increment(examples);
    }
  }

  /** {@code tributary_examples_truncated_total}: cut to the longest length. */
  public void truncated(AdapterId adapter) {
    adapterCounter("tributary.examples.truncated", "Examples cut to max_length", adapter)
        .increment();
  }

  /**
   * {@code tributary_examples_not_learnt_total}: not answered as told although the budget is spent.
   */
  public void notLearnt(AdapterId adapter, int examples) {
    adapterCounter(
            "tributary.examples.not.learnt", "Examples not learnt within the budget", adapter)
        .increment(examples);
  }

  /** {@code tributary_replay_superseded_total}: remembered examples removed for a newer answer. */
  public void forgotten(AdapterId adapter, int examples) {
    if (examples > 0) {
      adapterCounter(
              "tributary.replay.superseded", "Remembered examples removed as superseded", adapter)
          .increment(examples);
    }
  }

  /** {@code tributary_deadletters_total{stage="train"}}. */
  public void deadLetter(String reason) {
    Counter.builder("tributary.deadletters")
        .description("Records sent to the dead-letter topic")
        .tag("stage", "train")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /** {@code tributary_train_commits_failed_total}: work dropped, by how its transaction ended. */
  public void commitFailed(String outcome) {
    Counter.builder("tributary.train.commits.failed")
        .description("Transactions not known to be committed; their work is done again")
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /** {@code tributary_control_commands_total}. */
  public void command(String command, String outcome) {
    Counter.builder("tributary.control.commands")
        .description("Commands read from the control topic")
        .tag("command", command)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }

  /** {@code tributary_artifacts_collected_total}: orphaned artefacts deleted. */
  public void collected(int artifacts) {
    Counter.builder("tributary.artifacts.collected")
        .description("Orphaned artefacts deleted")
        .register(registry)
        .increment(artifacts);
  }

  /** {@code tributary_replay_ratio}, {@code tributary_replay_buffer_bytes}. */
  public void replay(AdapterId adapter, double ratio, long bytes) {
    adapterGauge(
        "tributary.replay.ratio",
        "Rehearsed share of the sequences of a micro-batch",
        adapter,
        ratio);
    gauge(
        "tributary.replay.buffer",
        "bytes",
        "Size of the replay buffer",
        Map.of("adapter", label(adapter)),
        bytes);
  }

  /** {@code tributary_backlog_records}: fetched or waiting in the log, not yet trained. */
  public void backlog(String adapter, long records) {
    gauge(
        "tributary.backlog",
        "records",
        "Records not yet trained; those nobody has looked at yet are 'other'",
        Map.of("adapter", adapter),
        records);
  }

  /** The value of the label {@code adapter}: dotted, and {@code other} beyond the first hundred. */
  public String label(AdapterId adapter) {
    return adapters.of(adapter.dotted());
  }

  private Counter adapterCounter(String name, String description, AdapterId adapter) {
    return Counter.builder(name)
        .description(description)
        .tag("adapter", label(adapter))
        .register(registry);
  }

  private void adapterGauge(String name, String description, AdapterId adapter, double value) {
    gauge(name, null, description, Map.of("adapter", label(adapter)), value);
  }

  private void gauge(
      String name, String unit, String description, Map<String, String> tags, double value) {
    gauges
        .computeIfAbsent(
            name + tags,
            key -> {
              AtomicReference<Double> cell = new AtomicReference<>(value);
              Gauge.Builder<?> builder =
                  Gauge.builder(name, cell, AtomicReference::get)
                      .description(description)
                      .baseUnit(unit)
                      .strongReference(true);
              tags.forEach(builder::tag);
              builder.register(registry);
              return cell;
            })
        .set(value);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(STEP_BUCKETS)
        .register(registry);
  }
}
