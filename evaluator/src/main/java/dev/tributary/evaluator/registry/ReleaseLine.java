package dev.tributary.evaluator.registry;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.Verdict;
import java.time.Instant;

/**
 * One line of the registry's log.
 *
 * @param release state, verdict, numbers and reasons of a version at that moment
 * @param mark what the gate leaves to the next one
 */
public record ReleaseLine(AdapterRelease release, GateMark mark) {

  public AdapterId adapter() {
    return AdapterId.parse(release.getAdapter());
  }

  public int version() {
    return release.getVersion();
  }

  /** The immutable serving name, which is also the record's key: {@code tenant.domain@v17}. */
  public String name() {
    return release.getName();
  }

  public ReleaseState state() {
    return release.getState();
  }

  public Verdict verdict() {
    return release.getVerdict();
  }

  public boolean isActive() {
    return state() == ReleaseState.ACTIVE;
  }

  /** Whether the gate has not decided yet and waits for records. */
  public boolean isHeld() {
    return state() == ReleaseState.GATED && verdict() == Verdict.INCONCLUSIVE;
  }

  /** Whether the version passed but a crash or restart came before it was answering. */
  public boolean isHalfPublished() {
    return verdict() == Verdict.PASSED
        && (state() == ReleaseState.GATED || state() == ReleaseState.PUBLISHED);
  }

  /**
   * The same version in another state.
   *
   * @param actor {@code gate}, or who asked
   * @param reason why, in words
   */
  public ReleaseLine moved(ReleaseState state, String actor, String reason, Instant when) {
    return new ReleaseLine(
        AdapterRelease.newBuilder(release)
            .setState(state)
            .setActor(actor)
            .setReason(reason)
            .setEventTime(when)
            .build(),
        mark);
  }

  /** The same line naming the directory it was published to. */
  public ReleaseLine at(String path) {
    return new ReleaseLine(AdapterRelease.newBuilder(release).setPath(path).build(), mark);
  }
}
