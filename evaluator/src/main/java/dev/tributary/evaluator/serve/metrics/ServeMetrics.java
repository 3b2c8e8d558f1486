package dev.tributary.evaluator.serve.metrics;

import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.evaluator.serve.model.ServingListener;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.metrics.LabelCap;
import dev.tributary.schemas.AdapterRelease;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * Every meter of the built-in server. Names in the comments are what Prometheus shows. Safe for any
 * thread.
 *
 * <p>The {@code gen_ai_server_*} names and buckets are OpenTelemetry's semantic conventions for
 * generative AI, which are still in development there.
 */
public final class ServeMetrics implements ServingListener {

  private static final int MAX_ADAPTERS = 100;
  private static final String PROVIDER = "tributary";
  private static final String PUBLISHER = "builtin";

  private static final Duration[] REQUEST_BUCKETS =
      buckets(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
  private static final Duration[] FIRST_TOKEN_BUCKETS =
      buckets(.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10);
  private static final Duration[] TOKEN_BUCKETS =
      buckets(.001, .0025, .005, .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5);
  private static final Duration[] FRESHNESS_BUCKETS =
      buckets(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400, 86_400);

  private final MeterRegistry registry;
  private final Clock clock;
  private final LabelCap adapters = new LabelCap(MAX_ADAPTERS);
  private final Map<String, AtomicInteger> ready = new ConcurrentHashMap<>();
  private final Map<String, Meter.Id> served = new ConcurrentHashMap<>();

  /**
   * @param clock the same that stamps records, to measure how old what is served is
   */
  public ServeMetrics(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /**
   * {@code tributary_serve_queue_requests}, {@code tributary_serve_in_flight_requests}: waiting and
   * being answered.
   */
  public void load(Supplier<Number> waiting, Supplier<Number> inFlight) {
    Gauge.builder("tributary.serve.queue", waiting)
        .baseUnit("requests")
        .description("Requests that wait for a worker")
        .register(registry);
    Gauge.builder("tributary.serve.in.flight", inFlight)
        .baseUnit("requests")
        .description("Requests being answered")
        .register(registry);
  }

  /**
   * {@code tributary_serve_unrecorded_interactions}: in the buffer, not yet acknowledged by the
   * broker.
   */
  public void recorderBacklog(Supplier<Number> backlog) {
    Gauge.builder("tributary.serve.unrecorded", backlog)
        .baseUnit("interactions")
        .description("Interactions the broker has not acknowledged yet")
        .register(registry);
  }

  /** Begins to time a request. */
  public RequestTiming request(Operation operation) {
    return new RequestTiming(this, operation, registry.config().clock());
  }

  /** {@code gen_ai_server_request_duration_seconds}. */
  void requestDone(Tags tags, Duration duration) {
    timer(
            "gen_ai.server.request.duration",
            "From request to the end of the answer",
            tags,
            REQUEST_BUCKETS)
        .record(duration);
  }

  /** {@code gen_ai_server_time_to_first_token_seconds}. */
  void firstToken(Tags tags, Duration duration) {
    timer(
            "gen_ai.server.time.to.first.token",
            "From request to the first text",
            tags,
            FIRST_TOKEN_BUCKETS)
        .record(duration);
  }

  /**
   * {@code gen_ai_server_time_per_output_token_seconds}: mean over the tokens after the first of
   * one answer.
   */
  void perToken(Tags tags, Duration duration) {
    timer(
            "gen_ai.server.time.per.output.token",
            "Mean time of a token after the first",
            tags,
            TOKEN_BUCKETS)
        .record(duration);
  }

  /**
   * {@code tributary_serve_tokens_total{kind}}: prompt and completion tokens of complete answers.
   */
  void tokens(int prompt, int completion) {
    counter("tributary.serve.tokens", Tags.of("kind", "prompt")).increment(prompt);
    counter("tributary.serve.tokens", Tags.of("kind", "completion")).increment(completion);
  }

  Tags requestTags(Operation operation, String model, String errorType) {
    return Tags.of(
        "gen_ai_operation_name",
        operation.label(),
        "gen_ai_provider_name",
        PROVIDER,
        "gen_ai_request_model",
        adapters.of(model),
        "error_type",
        errorType);
  }

  /** {@code tributary_serve_interactions_total{outcome}}. */
  public void interaction(RecordOutcome outcome) {
    counter("tributary.serve.interactions", Tags.of("outcome", outcome.label())).increment();
  }

  @Override
  public void serving(ReleaseLine line, boolean fresh) {
    String adapter = label(line.adapter());
    ready(adapter).set(1);
    showVersion(adapter, line.version());
    loads(adapter, "loaded");
    if (fresh) {
      Instant now = clock.instant();
      AdapterRelease release = line.release();
      feedbackToServed(adapter, "oldest", Duration.between(release.getOldestIngestTime(), now));
      feedbackToServed(adapter, "newest", Duration.between(release.getNewestIngestTime(), now));
    }
  }

  @Override
  public void servingBase(AdapterId adapter) {
    ready(label(adapter)).set(1);
    hideVersion(label(adapter));
  }

  @Override
  public void failed(ReleaseLine line, String reason) {
    String adapter = label(line.adapter());
    ready(adapter).set(0);
    loads(adapter, "failed");
  }

  /**
   * {@code tributary_feedback_to_served_seconds{adapter,record}}: when an alias moves to a new
   * version, the age of the oldest and of the newest record the version learnt since the one before
   * it.
   */
  private void feedbackToServed(String adapter, String record, Duration age) {
    timer(
            "tributary.feedback.to.served",
            "Age of the oldest and newest newly learnt record when its version first answers",
            Tags.of("adapter", adapter, "record", record),
            FRESHNESS_BUCKETS)
        .record(age.isNegative() ? Duration.ZERO : age);
  }

  /**
   * {@code tributary_replicas_ready{adapter,publisher}}: 1 while the alias answers with the version
   * the registry wants.
   */
  private AtomicInteger ready(String adapter) {
    return ready.computeIfAbsent(
        adapter,
        name -> {
          AtomicInteger value = new AtomicInteger();
          Gauge.builder("tributary.replicas.ready", value, AtomicInteger::get)
              .tags("adapter", name, "publisher", PUBLISHER)
              .description("1 while this server answers with the active version")
              .register(registry);
          return value;
        });
  }

  /**
   * {@code tributary_adapter_info{adapter,version,state} 1}: the version that answers here; the old
   * series goes.
   */
  private void showVersion(String adapter, int version) {
    hideVersion(adapter);
    Gauge gauge =
        Gauge.builder("tributary.adapter.info", () -> 1)
            .tags("adapter", adapter, "version", Integer.toString(version), "state", "serving")
            .description("The version that answers here")
            .register(registry);
    served.put(adapter, gauge.getId());
  }

  private void hideVersion(String adapter) {
    Meter.Id old = served.remove(adapter);
    if (old != null) {
      registry.remove(old);
    }
  }

  /** {@code tributary_serve_adapter_loads_total{adapter,outcome}}. */
  private void loads(String adapter, String outcome) {
    counter("tributary.serve.adapter.loads", Tags.of("adapter", adapter, "outcome", outcome))
        .increment();
  }

  private String label(AdapterId adapter) {
    return adapters.of(adapter.dotted());
  }

  private Counter counter(String name, Tags tags) {
    return Counter.builder(name).tags(tags).register(registry);
  }

  private Timer timer(String name, String description, Tags tags, Duration[] buckets) {
    return Timer.builder(name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  private static Duration[] buckets(double... seconds) {
    return DoubleStream.of(seconds)
        .mapToObj(bucket -> Duration.ofNanos(Math.round(bucket * 1e9)))
        .toArray(Duration[]::new);
  }
}
