package dev.tributary.evaluator.registry;

import dev.tributary.foundation.AdapterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * In-memory view of the registry's log: the newest line of every version of every adapter. Written
 * by the one thread that reads the log, read by any.
 */
public final class Registry {

  private final ConcurrentSkipListMap<AdapterId, AdapterVersions> adapters =
      new ConcurrentSkipListMap<>();

  /** Takes in the next line. Lines come in the order in which they stand in the log. */
  void apply(ReleaseLine line) {
    adapters.compute(
        line.adapter(),
        (id, known) -> (known == null ? AdapterVersions.none(id) : known).with(line));
  }

  /** Adapters with at least one version, by name. */
  public List<AdapterVersions> adapters() {
    return new ArrayList<>(adapters.values());
  }

  /** What is known of an adapter; empty when no version of it was ever gated. */
  public Optional<AdapterVersions> find(AdapterId adapter) {
    return Optional.ofNullable(adapters.get(adapter));
  }

  /** What is known of an adapter, with no versions when none was ever gated. */
  public AdapterVersions of(AdapterId adapter) {
    return adapters.getOrDefault(adapter, AdapterVersions.none(adapter));
  }

  /** The version that answers for an adapter; empty when the base model does. */
  public Optional<ReleaseLine> active(AdapterId adapter) {
    return of(adapter).active();
  }

  public boolean isEmpty() {
    return adapters.isEmpty();
  }
}
