package dev.tributary.platform.health;

import java.util.function.Supplier;

/**
 * The state of one component, set by the component itself. Starts as not ready. Safe for any
 * thread.
 */
public final class HealthFlag implements Supplier<HealthStatus> {

  private volatile HealthStatus status = HealthStatus.notReady("starting");

  HealthFlag() {}

  public void ready() {
    status = HealthStatus.up();
  }

  /**
   * @param reason what is missing, for a person to read: "waiting for the broker at localhost:9092"
   */
  public void notReady(String reason) {
    status = HealthStatus.notReady(reason);
  }

  @Override
  public HealthStatus get() {
    return status;
  }
}
