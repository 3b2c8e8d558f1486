package dev.tributary.evaluator.serve.model;

import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.Registry;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.schemas.ReleaseState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which names can be asked for, and what answers under each: the base model, every published
 * version, and for each adapter an alias that is the active version. Read by any thread; the {@link
 * ReleaseFollower} alone moves aliases.
 */
public final class ModelCatalogue {

  private static final Set<ReleaseState> ASKABLE =
      EnumSet.of(ReleaseState.PUBLISHED, ReleaseState.ACTIVE, ReleaseState.RETIRED);

  private final String baseName;
  private final Instant started;
  private final Registry registry;
  private final Set<AdapterId> configured;
  private final VersionCache versions;
  private final Map<AdapterId, LoadedVersion> aliases = new ConcurrentHashMap<>();
  private final Map<AdapterId, String> unservable = new ConcurrentHashMap<>();
  private volatile boolean caughtUp;

  /**
   * @param baseName the base model's name
   * @param started when the server started
   * @param registry live view of the release log
   * @param configured adapters that may be asked for before they have a release; the base model
   *     answers then
   * @param versions loads versions asked for by their own name
   */
  public ModelCatalogue(
      String baseName,
      Instant started,
      Registry registry,
      Set<AdapterId> configured,
      VersionCache versions) {
    this.baseName = baseName;
    this.started = started;
    this.registry = registry;
    this.configured = Set.copyOf(configured);
    this.versions = versions;
  }

  /**
   * What answers under a name; empty if there is no such model.
   *
   * @throws RetriableException if there is one but it cannot answer now: its weights cannot be
   *     loaded, or the release log is not read yet
   */
  public Optional<ServedModel> resolve(String name) {
    if (name.equals(baseName)) {
      return Optional.of(new ServedModel(baseName, Optional.empty(), Optional.empty()));
    }
    return ModelName.parse(name)
        .flatMap(
            parsed ->
                parsed.version().isPresent()
                    ? version(parsed.adapter(), parsed.version().getAsInt())
                    : alias(parsed.adapter()));
  }

  private Optional<ServedModel> alias(AdapterId adapter) {
    LoadedVersion active = aliases.get(adapter);
    if (active != null) {
      return Optional.of(served(adapter, active));
    }
    requireCaughtUp();
    if (unservable.containsKey(adapter)) {
      throw new RetriableException(unservable.get(adapter));
    }
    return isKnown(adapter)
        ? Optional.of(new ServedModel(baseName, Optional.of(adapter), Optional.empty()))
        : Optional.empty();
  }

  private Optional<ServedModel> version(AdapterId adapter, int version) {
    LoadedVersion active = aliases.get(adapter);
    if (active != null && active.line().version() == version) {
      return Optional.of(served(adapter, active));
    }
    requireCaughtUp();
    return registry
        .of(adapter)
        .version(version)
        .filter(line -> ASKABLE.contains(line.state()))
        .map(line -> served(adapter, versions.get(line)));
  }

  private void requireCaughtUp() {
    if (!caughtUp) {
      throw new RetriableException("the server is starting: the release log is not read yet");
    }
  }

  private static ServedModel served(AdapterId adapter, LoadedVersion version) {
    return new ServedModel(version.name(), Optional.of(adapter), Optional.of(version.weights()));
  }

  /** The base model, then for each adapter its alias and its versions. */
  public List<ModelCard> list() {
    List<ModelCard> cards = new ArrayList<>();
    cards.add(new ModelCard(baseName, started, baseName, Optional.empty()));
    Set<AdapterId> adapters = new TreeSet<>(configured);
    registry.adapters().forEach(known -> adapters.add(known.adapter()));
    for (AdapterId adapter : adapters) {
      AdapterVersions known = registry.of(adapter);
      cards.add(aliasCard(adapter));
      known.all().stream()
          .filter(line -> ASKABLE.contains(line.state()))
          .forEach(line -> cards.add(versionCard(line)));
    }
    return cards;
  }

  private ModelCard aliasCard(AdapterId adapter) {
    Optional<LoadedVersion> active = active(adapter);
    return new ModelCard(
        adapter.dotted(),
        active.map(version -> version.line().release().getCandidateTime()).orElse(started),
        active.map(LoadedVersion::name).orElse(baseName),
        Optional.of(baseName));
  }

  private ModelCard versionCard(ReleaseLine line) {
    return new ModelCard(
        line.name(), line.release().getCandidateTime(), line.name(), Optional.of(baseName));
  }

  /**
   * The version that answers under an adapter's alias; empty while the base model does, or nothing
   * can.
   */
  public Optional<LoadedVersion> active(AdapterId adapter) {
    return Optional.ofNullable(aliases.get(adapter));
  }

  /** Whether an adapter is configured or was ever gated. */
  private boolean isKnown(AdapterId adapter) {
    return configured.contains(adapter) || registry.find(adapter).isPresent();
  }

  boolean isCaughtUp() {
    return caughtUp;
  }

  /** Whether an adapter has no version that could be loaded, so that its alias answers 503. */
  boolean hasUnservable() {
    return !unservable.isEmpty();
  }

  /**
   * Says that the log was read and aliases are right from now on; until then adapters are answered
   * 503.
   */
  public void caughtUp() {
    caughtUp = true;
  }

  /** From now on this version answers under its adapter's alias. */
  void activate(AdapterId adapter, LoadedVersion version) {
    aliases.put(adapter, version);
    unservable.remove(adapter);
  }

  /** From now on the base model answers under the alias. */
  void deactivate(AdapterId adapter) {
    aliases.remove(adapter);
    unservable.remove(adapter);
  }

  /** Nothing can answer under the alias, unless a version already does. */
  void unservable(AdapterId adapter, String reason) {
    unservable.put(adapter, reason);
  }
}
