package dev.tributary.evaluator;

import dev.tributary.evaluator.publish.Publisher;
import dev.tributary.foundation.AdapterId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Publishes like another publisher, until the process dies at a chosen step, without any farewell.
 */
final class DyingPublisher implements Publisher {

  /** Where the process dies. */
  enum Step {
    BEFORE_PUBLISH,
    AFTER_PUBLISH,
    BEFORE_ACTIVATE,
    AFTER_ACTIVATE,
    NEVER
  }

  private final Publisher delegate;
  private final Step step;
  private final int doomedVersion;
  private final Runnable death;

  /**
   * @param doomedVersion the version during whose steps it dies
   */
  DyingPublisher(Publisher delegate, Step step, int doomedVersion) {
    this(delegate, step, doomedVersion, () -> Runtime.getRuntime().halt(137));
  }

  /**
   * @param death what happens instead of the process' end
   */
  DyingPublisher(Publisher delegate, Step step, int doomedVersion, Runnable death) {
    this.death = death;
    this.delegate = delegate;
    this.step = step;
    this.doomedVersion = doomedVersion;
  }

  @Override
  public String name() {
    return delegate.name();
  }

  @Override
  public String publish(AdapterId adapter, int version, Path source) {
    dieAt(Step.BEFORE_PUBLISH, version);
    String path = delegate.publish(adapter, version, source);
    dieAt(Step.AFTER_PUBLISH, version);
    return path;
  }

  @Override
  public void activate(AdapterId adapter, int version) {
    dieAt(Step.BEFORE_ACTIVATE, version);
    delegate.activate(adapter, version);
    dieAt(Step.AFTER_ACTIVATE, version);
  }

  @Override
  public void deactivate(AdapterId adapter) {
    delegate.deactivate(adapter);
  }

  @Override
  public Optional<String> active(AdapterId adapter) {
    return delegate.active(adapter);
  }

  @Override
  public void close() {
    delegate.close();
  }

  private void dieAt(Step here, int version) {
    if (step == here && version == doomedVersion) {
      death.run();
    }
  }
}
