package dev.tributary.evaluator;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.loop.LoopListener;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.Registry;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.metrics.LabelCap;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.SliceRole;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Every meter of the evaluator. Names in the comments are what Prometheus shows. Gauges are taken
 * from the registry's log, so they are right after a restart too. Safe for any thread.
 */
public final class EvaluatorMetrics implements LoopListener {

  private static final int MAX_ADAPTERS = 100;
  private static final int MAX_SLICES = 200;
  private static final int MAX_VERSIONS_SHOWN = 10;

  private final MeterRegistry registry;
  private final LabelCap adapters = new LabelCap(MAX_ADAPTERS);
  private final MultiGauge info;
  private final MultiGauge losses;
  private final MultiGauge forgetting;
  private final AtomicInteger adaptersLeftOut;
  private final AtomicInteger slicesLeftOut;

  public EvaluatorMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.info =
        MultiGauge.builder("tributary.adapter.info")
            .description("1 for each of the newest versions of an adapter, with its state")
            .register(registry);
    this.losses =
        MultiGauge.builder("tributary.slice.loss")
            .description(
                "Loss of the version that answers, nats per supervised token, when it was gated")
            .register(registry);
    this.forgetting =
        MultiGauge.builder("tributary.slice.forgetting.ratio")
            .description(
                "Share by which the version that answers is worse on what it must retain than the"
                    + " release before it")
            .register(registry);
    this.adaptersLeftOut = leftOut("adapter");
    this.slicesLeftOut = leftOut("slice");
  }

  private AtomicInteger leftOut(String kind) {
    AtomicInteger count = new AtomicInteger();
    Gauge.builder("tributary.gauges.left.out", count, AtomicInteger::get)
        .description("Adapters and slices beyond the caps, which the registry's gauges do not show")
        .tag("kind", kind)
        .register(registry);
    return count;
  }

  /** {@code tributary_gate_verdicts_total}, {@code tributary_gate_duration_seconds}. */
  @Override
  public void judged(AdapterId adapter, GateDecision decision, Duration took) {
    String label = adapters.of(adapter.dotted());
    registry
        .counter(
            "tributary.gate.verdicts",
            "adapter",
            label,
            "outcome",
            decision.verdict().name().toLowerCase(Locale.ROOT),
            "reason",
            decision.reason().code())
        .increment();
    registry.timer("tributary.gate.duration", "adapter", label).record(took);
  }

  /** {@code tributary_publish_duration_seconds}. */
  @Override
  public void published(String publisher, Duration took) {
    registry.timer("tributary.publish.duration", "publisher", publisher).record(took);
  }

  /** {@code tributary_rollbacks_total}. */
  @Override
  public void rolledBack(String reason) {
    registry.counter("tributary.rollbacks", "reason", reason).increment();
  }

  /** {@code tributary_control_commands_total}. */
  @Override
  public void commanded(String command, String outcome) {
    registry
        .counter("tributary.control.commands", "command", command, "outcome", outcome)
        .increment();
  }

  /** {@code tributary_deadletters_total}. */
  @Override
  public void deadLetter(String stage, String reason) {
    registry.counter("tributary.deadletters", "stage", stage, "reason", reason).increment();
  }

  /**
   * {@code tributary_heldout_records_total}: what became of held-out records, counted anew at every
   * start.
   */
  public void heldOut(String outcome) {
    registry.counter("tributary.heldout.records", "outcome", outcome).increment();
  }

  /**
   * {@code tributary_adapter_info}, {@code tributary_slice_loss}, {@code
   * tributary_slice_forgetting_ratio}: call before every scrape. Losses of different adapters make
   * no common one, so what is beyond the caps is left out and counted in {@code
   * tributary_gauges_left_out}.
   */
  public synchronized void show(Registry releases) {
    List<AdapterVersions> all = releases.adapters();
    List<AdapterVersions> shown = all.stream().limit(MAX_ADAPTERS).toList();
    adaptersLeftOut.set(all.size() - shown.size());
    info.register(shown.stream().flatMap(EvaluatorMetrics::infoRows).toList(), true);
    List<MultiGauge.Row<?>> lossRows = new ArrayList<>();
    List<MultiGauge.Row<?>> forgettingRows = new ArrayList<>();
    int slicesBeyondCap = 0;
    for (AdapterVersions adapter : shown) {
      List<SliceResult> slices = adapter.active().map(EvaluatorMetrics::slices).orElseGet(List::of);
      slicesBeyondCap += Math.max(0, slices.size() - MAX_SLICES);
      for (SliceResult slice : slices.stream().limit(MAX_SLICES).toList()) {
        Tags tags = tags(adapter, slice);
        lossRows.add(MultiGauge.Row.of(tags, slice.getLossCandidate()));
        if (slice.getRole() == SliceRole.RETAINED) {
          forgettingRows.add(MultiGauge.Row.of(tags, forgotten(slice)));
        }
      }
    }
    slicesLeftOut.set(slicesBeyondCap);
    losses.register(lossRows, true);
    forgetting.register(forgettingRows, true);
  }

  private static Stream<MultiGauge.Row<?>> infoRows(AdapterVersions adapter) {
    List<ReleaseLine> versions = List.copyOf(adapter.all());
    return Stream.concat(
            adapter.active().stream(),
            versions.reversed().stream()
                .filter(line -> line.state() != ReleaseState.ACTIVE)
                .limit(MAX_VERSIONS_SHOWN))
        .map(
            line ->
                MultiGauge.Row.of(
                    Tags.of(
                        "adapter",
                        adapter.adapter().dotted(),
                        "version",
                        String.valueOf(line.version()),
                        "state",
                        line.state().name().toLowerCase(Locale.ROOT)),
                    1));
  }

  /**
   * One row a slice, on held-out records: where a slice plays both roles, what it must retain is
   * the slower to move and the one to watch.
   */
  private static List<SliceResult> slices(ReleaseLine line) {
    List<SliceResult> results =
        line.release().getSlices().stream()
            .filter(slice -> slice.getEvidence() == Evidence.HELD_OUT)
            .toList();
    return results.stream()
        .filter(
            slice ->
                slice.getRole() == SliceRole.RETAINED
                    || results.stream()
                        .noneMatch(
                            other ->
                                other.getRole() == SliceRole.RETAINED
                                    && other.getSlice().equals(slice.getSlice())))
        .toList();
  }

  private static Tags tags(AdapterVersions adapter, SliceResult slice) {
    return Tags.of("adapter", adapter.adapter().dotted(), "slice", slice.getSlice());
  }

  private static double forgotten(SliceResult slice) {
    return Math.max(0, slice.getDelta() / slice.getLossReference());
  }
}
