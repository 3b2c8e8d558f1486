package dev.tributary.platform.health;

/**
 * Whether one component of a service can do its work now.
 *
 * @param ready whether it can
 * @param reason why not, for a person to read; of a ready component what to know all the same, or
 *     empty
 */
public record HealthStatus(boolean ready, String reason) {

  private static final HealthStatus READY = new HealthStatus(true, "");

  public static HealthStatus up() {
    return READY;
  }

  /** Ready, with something to know: "v1 answers; v2 cannot be loaded". */
  public static HealthStatus up(String note) {
    return new HealthStatus(true, note);
  }

  public static HealthStatus notReady(String reason) {
    return new HealthStatus(false, reason);
  }
}
