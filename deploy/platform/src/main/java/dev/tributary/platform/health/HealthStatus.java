package dev.tributary.platform.health;

/**
 * Whether one component of a service can do its work now.
 *
 * @param ready whether it can
 * @param reason why not, for a person to read; empty when ready
 */
public record HealthStatus(boolean ready, String reason) {

  private static final HealthStatus READY = new HealthStatus(true, "");

  public static HealthStatus up() {
    return READY;
  }

  public static HealthStatus notReady(String reason) {
    return new HealthStatus(false, reason);
  }
}
