package dev.tributary.evaluator.registry;

import dev.tributary.foundation.AdapterId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Everything the registry knows of one adapter at one moment. Immutable: a new line makes a new
 * instance.
 */
public final class AdapterVersions {

  /**
   * Lines kept for the history of one adapter; older ones stay in the topic as long as it keeps
   * them.
   */
  static final int MAX_HISTORY = 1_000;

  private final AdapterId adapter;
  private final NavigableMap<Integer, ReleaseLine> versions;
  private final List<ReleaseLine> history;

  private AdapterVersions(
      AdapterId adapter, NavigableMap<Integer, ReleaseLine> versions, List<ReleaseLine> history) {
    this.adapter = adapter;
    this.versions = versions;
    this.history = history;
  }

  static AdapterVersions none(AdapterId adapter) {
    return new AdapterVersions(adapter, Collections.emptyNavigableMap(), List.of());
  }

  AdapterVersions with(ReleaseLine line) {
    NavigableMap<Integer, ReleaseLine> newVersions = new TreeMap<>(versions);
    newVersions.put(line.version(), line);
    int dropped = Math.max(0, history.size() + 1 - MAX_HISTORY);
    List<ReleaseLine> newHistory = new ArrayList<>(history.subList(dropped, history.size()));
    newHistory.add(line);
    return new AdapterVersions(
        adapter,
        Collections.unmodifiableNavigableMap(newVersions),
        Collections.unmodifiableList(newHistory));
  }

  public AdapterId adapter() {
    return adapter;
  }

  /** The newest line of a version. */
  public Optional<ReleaseLine> version(int version) {
    return Optional.ofNullable(versions.get(version));
  }

  /** The newest line of each version, by version, oldest first. */
  public Collection<ReleaseLine> all() {
    return versions.values();
  }

  /** The version that answers now; empty when the base model does. */
  public Optional<ReleaseLine> active() {
    return newest(ReleaseLine::isActive);
  }

  /** The highest version the gate has seen. */
  public Optional<ReleaseLine> newest() {
    return newest(line -> true);
  }

  /** The highest version for which the condition holds. */
  public Optional<ReleaseLine> newest(Predicate<ReleaseLine> condition) {
    return versions.descendingMap().values().stream().filter(condition).findFirst();
  }

  /** Lines in the order in which they were written, oldest first; at most the newest thousand. */
  public List<ReleaseLine> history() {
    return history;
  }

  /** When the newest line was written. */
  public Optional<Instant> lastChange() {
    return versions.values().stream()
        .map(line -> line.release().getEventTime())
        .max(Comparator.naturalOrder());
  }
}
