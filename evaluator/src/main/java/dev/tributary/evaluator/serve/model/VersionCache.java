package dev.tributary.evaluator.serve.model;

import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.foundation.error.TributaryException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions asked for by their own name, loaded when first asked for; the least recently used go
 * when there are too many. Active versions do not pass through here. Loading one holds up others
 * that are asked for by name, which is rare. Safe for any thread.
 */
public final class VersionCache {

  private static final Logger LOG = LoggerFactory.getLogger(VersionCache.class);

  private final VersionLoader loader;
  private final int capacity;
  private final Map<String, LoadedVersion> loaded = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param capacity versions kept, at least 1
   */
  public VersionCache(VersionLoader loader, int capacity) {
    this.loader = loader;
    this.capacity = capacity;
  }

  /**
   * The version in memory; names are immutable, so one loaded earlier is still right.
   *
   * @throws RetriableException if it cannot be loaded; the log says why, callers far away need not
   *     know our paths
   */
  synchronized LoadedVersion get(ReleaseLine line) {
    LoadedVersion known = loaded.get(line.name());
    if (known == null) {
      known = load(line);
      loaded.put(line.name(), known);
      if (loaded.size() > capacity) {
        loaded.remove(loaded.keySet().iterator().next());
      }
    }
    return known;
  }

  private LoadedVersion load(ReleaseLine line) {
    try {
      return loader.load(line);
    } catch (TributaryException e) {
      LOG.warn("{} was asked for by name and cannot be loaded: {}", line.name(), e.getMessage());
      throw new RetriableException(line.name() + " cannot be loaded; the server's log says why", e);
    }
  }
}
