package dev.tributary.evaluator.serve.model;

import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.evaluator.registry.ReleaseLog;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.TributaryException;
import dev.tributary.platform.health.HealthStatus;
import dev.tributary.schemas.ReleaseState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the aliases at the active versions. A thread of its own waits for lines of the release log,
 * loads what became active and only then moves the alias: requests never wait for a load, and those
 * under way finish on the version they began with.
 *
 * <p>A version that cannot be loaded leaves the one before it answering. It is named in the log,
 * the metrics and the health detail, and tried again until it loads or is no longer wanted. After a
 * restart there is no version before it in memory; then the newest retired version that loads
 * answers, because it once passed the gate too, and if there is none the alias answers 503.
 */
public final class ReleaseFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseFollower.class);
  private static final Duration LOG_LIMIT = Duration.ofSeconds(60);

  private final ReleaseLog log;
  private final BlockingQueue<AdapterId> changed;
  private final ModelCatalogue catalogue;
  private final VersionLoader loader;
  private final ServingListener listener;
  private final Duration retry;
  private final Map<AdapterId, String> problems = new TreeMap<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile List<String> shownProblems = List.of();

  /**
   * @param log the release log, already started
   * @param changed adapters of the lines the log has told of; read by this class alone
   * @param listener told of every move of an alias, on the follower's thread
   * @param retry pause before something that failed is tried again
   */
  public ReleaseFollower(
      ReleaseLog log,
      BlockingQueue<AdapterId> changed,
      ModelCatalogue catalogue,
      VersionLoader loader,
      ServingListener listener,
      Duration retry) {
    this.log = log;
    this.changed = changed;
    this.catalogue = catalogue;
    this.loader = loader;
    this.listener = listener;
    this.retry = retry;
    this.thread = Thread.ofPlatform().name("release-follower").start(this::run);
  }

  /**
   * Ready once the aliases stand where the log says, and as long as each has something to answer
   * with. What should answer and does not is named also when an older version stands in.
   */
  public HealthStatus status() {
    if (!catalogue.isCaughtUp()) {
      return HealthStatus.notReady("loading the active versions");
    }
    String problem = String.join("; ", shownProblems);
    return catalogue.hasUnservable() ? HealthStatus.notReady(problem) : HealthStatus.up(problem);
  }

  private void run() {
    Set<AdapterId> open = new TreeSet<>();
    boolean started = false;
    while (!closing) {
      try {
        if (started) {
          awaitChange(open);
        }
        // A rollback is two lines of one transaction: look only at a view that holds all that was
        // committed.
        log.awaitEnd(LOG_LIMIT);
        changed.drainTo(open);
        boolean fresh = started;
        open.removeIf(adapter -> reconcile(adapter, fresh));
        if (!started) {
          started = true;
          catalogue.caughtUp();
        }
      } catch (TributaryException e) {
        if (!closing) {
          LOG.warn("releases cannot be followed now and will be tried again: {}", e.getMessage());
          pause();
        }
      } catch (InterruptedException e) {
        return; // close
      }
    }
  }

  private void awaitChange(Set<AdapterId> open) throws InterruptedException {
    AdapterId next =
        open.isEmpty() ? changed.take() : changed.poll(retry.toMillis(), TimeUnit.MILLISECONDS);
    if (next != null) {
      open.add(next);
    }
  }

  private void pause() {
    try {
      Thread.sleep(retry);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the loop sees it at its next wait
    }
  }

  /** Brings one alias to what the registry wants; false if it must be tried again. */
  private boolean reconcile(AdapterId adapter, boolean fresh) {
    Optional<ReleaseLine> wanted = log.registry().active(adapter);
    Optional<LoadedVersion> current = catalogue.active(adapter);
    boolean settled;
    if (wanted.isEmpty()) {
      settled = true;
      catalogue.deactivate(adapter);
      if (current.isPresent()) {
        LOG.info("no version of {} is active any more; the base model answers", adapter.dotted());
        listener.servingBase(adapter);
      }
    } else if (current.map(LoadedVersion::name).equals(wanted.map(ReleaseLine::name))) {
      settled = true;
    } else {
      settled = activate(adapter, wanted.get(), fresh);
    }
    if (settled) {
      problems.remove(adapter);
    }
    shownProblems = List.copyOf(problems.values());
    return settled;
  }

  private boolean activate(AdapterId adapter, ReleaseLine wanted, boolean fresh) {
    try {
      serve(adapter, loader.load(wanted), fresh);
      return true;
    } catch (TributaryException e) {
      if (catalogue.active(adapter).isEmpty() && !serveNewestRetired(adapter)) {
        catalogue.unservable(adapter, "no version of %s can be loaded".formatted(adapter));
      }
      fail(adapter, wanted, e);
      return false;
    }
  }

  private boolean serveNewestRetired(AdapterId adapter) {
    List<ReleaseLine> retired =
        log.registry().of(adapter).all().stream()
            .filter(line -> line.state() == ReleaseState.RETIRED)
            .sorted(Comparator.comparingInt(ReleaseLine::version).reversed())
            .toList();
    for (ReleaseLine line : retired) {
      try {
        serve(adapter, loader.load(line), false);
        return true;
      } catch (TributaryException e) {
        LOG.warn("{} cannot stand in: {}", line.name(), e.getMessage());
      }
    }
    return false;
  }

  private void serve(AdapterId adapter, LoadedVersion version, boolean fresh) {
    catalogue.activate(adapter, version);
    LOG.info("{} answers for {}", version.name(), adapter.dotted());
    listener.serving(version.line(), fresh);
  }

  private void fail(AdapterId adapter, ReleaseLine wanted, TributaryException cause) {
    String instead = catalogue.active(adapter).map(LoadedVersion::name).orElse("nothing");
    String problem =
        "%s should answer and cannot be loaded, %s answers instead: %s"
            .formatted(wanted.name(), instead, cause.getMessage());
    if (!problem.equals(problems.put(adapter, problem))) {
      LOG.error("{}", problem);
    }
    listener.failed(wanted, cause.getMessage());
  }

  /** Ends the thread; aliases stay where they are. */
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
