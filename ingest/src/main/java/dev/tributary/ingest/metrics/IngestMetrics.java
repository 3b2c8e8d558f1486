package dev.tributary.ingest.metrics;

import dev.tributary.platform.metrics.LabelCap;
import dev.tributary.schemas.ExampleKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every meter of the ingest service. Counters may count a record twice when a transaction is
 * aborted and repeated; the topics never do. Thread-safe.
 */
public final class IngestMetrics {

  private static final int MAX_ADAPTERS = 100;

  private final MeterRegistry registry;
  private final LabelCap adapters = new LabelCap(MAX_ADAPTERS);
  private final Map<String, Long> feedbackWaiting = new ConcurrentHashMap<>();
  private final Map<String, Long> examplesWaiting = new ConcurrentHashMap<>();

  public IngestMetrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("tributary.feedback.waiting", feedbackWaiting, IngestMetrics::sum)
        .description("Feedback waiting for its interaction")
        .register(registry);
    Gauge.builder("tributary.examples.waiting", examplesWaiting, IngestMetrics::sum)
        .description("Examples of untrusted sources waiting for a second voice")
        .register(registry);
  }

  /**
   * Counts an incoming record.
   *
   * @param outcome one of a few words: what the gateway or the validation made of it
   */
  public void record(RecordKind kind, String outcome) {
    record(kind, outcome, 1);
  }

  /** As {@link #record(RecordKind, String)}, for several at once. */
  public void record(RecordKind kind, String outcome, long count) {
    registry
        .counter("tributary.ingest.records", "kind", kind.label(), "outcome", outcome)
        .increment(count);
  }

  public void deadLetter(String stage, String reason) {
    registry.counter("tributary.deadletters", "stage", stage, "reason", reason).increment();
  }

  public void feedback(FeedbackOutcome outcome) {
    registry.counter("tributary.feedback.joined", "outcome", outcome.label()).increment();
  }

  /** A fact key set by someone who may not. */
  public void factKeyIgnored(RecordKind kind) {
    registry.counter("tributary.fact.keys.ignored", "kind", kind.label()).increment();
  }

  /**
   * @param adapter {@code tenant/domain}; only the first hundred get a label of their own
   */
  public void example(String adapter, ExampleKind kind) {
    count("tributary.examples", adapter, kind);
  }

  /** As {@link #example}, for the share that is never trained on. */
  public void heldOut(String adapter, ExampleKind kind) {
    count("tributary.heldout.examples", adapter, kind);
  }

  /** What became of an example whose source is not trusted alone. */
  public void untrusted(TrustOutcome outcome) {
    registry.counter("tributary.examples.untrusted", "outcome", outcome.label()).increment();
  }

  /** Sets how much feedback a stream task holds back; 0 forgets the task. */
  public void feedbackWaiting(String task, long count) {
    set(feedbackWaiting, task, count);
  }

  /** Sets how many examples a stream task holds back; 0 forgets the task. */
  public void examplesWaiting(String task, long count) {
    set(examplesWaiting, task, count);
  }

  private static void set(Map<String, Long> counts, String task, long count) {
    if (count == 0) {
      counts.remove(task);
    } else {
      counts.put(task, count);
    }
  }

  private static double sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private void count(String meter, String adapter, ExampleKind kind) {
    String adapterLabel = adapters.of(adapter.replace('/', '.'));
    String kindLabel = kind.name().toLowerCase(Locale.ROOT);
    registry.counter(meter, "adapter", adapterLabel, "kind", kindLabel).increment();
  }
}
