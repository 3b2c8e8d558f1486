package dev.tributary.platform.health;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The named components of a service and whether each is ready.
 *
 * <p>{@code GET /health/live} answers 200 for as long as restarting the process would not help, and
 * 503 after {@link #failed}. {@code GET /health/ready} answers 200 when every component is ready
 * and 503 otherwise; its body names each component and the reason of those that are not. Safe for
 * any thread.
 */
public final class Health {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Map<String, Supplier<HealthStatus>> components = new ConcurrentHashMap<>();
  private volatile String failure = "";

  /** Adds a component that reports its own state; not ready until it says so. */
  public HealthFlag flag(String component) {
    HealthFlag flag = new HealthFlag();
    check(component, flag);
    return flag;
  }

  /**
   * Adds a component whose state is asked for on each look; the check must be quick and must not
   * throw.
   */
  public void check(String component, Supplier<HealthStatus> check) {
    if (components.putIfAbsent(component, check) != null) {
      throw new IllegalArgumentException("health component registered twice: " + component);
    }
  }

  /** Says that only a restart helps; {@code /health/live} answers 503 from now on. */
  public void failed(String reason) {
    failure = reason;
  }

  public boolean isLive() {
    return failure.isEmpty();
  }

  public boolean isReady() {
    return isLive() && components.values().stream().allMatch(check -> check.get().ready());
  }

  /**
   * Blocks until all components are ready.
   *
   * @throws RetriableException when one is not within the limit, or the service failed
   */
  public void awaitReady(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady()) {
      if (!isLive()) {
        throw new RetriableException("the service failed: " + failure);
      }
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        throw new RetriableException(
            "not ready after " + limit.toSeconds() + " s: " + describeNotReady());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** The two routes, to be given to the service's HTTP server. */
  public List<Route> routes() {
    return List.of(
        Route.get("/health/live", this::live), Route.get("/health/ready", this::readiness));
  }

  private Response live(Request request) {
    return isLive()
        ? Response.json(200, Map.of("status", "live"))
        : Response.json(503, Map.of("status", "failed", "reason", failure));
  }

  private Response readiness(Request request) {
    Map<String, Object> body = new LinkedHashMap<>();
    boolean ready = isReady();
    body.put("status", ready ? "ready" : "not_ready");
    if (!isLive()) {
      body.put("reason", failure);
    }
    body.put("components", components());
    return Response.json(ready ? 200 : 503, body);
  }

  private Map<String, String> components() {
    return components.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> describe(entry.getValue().get()),
                (a, b) -> a,
                LinkedHashMap::new));
  }

  private static String describe(HealthStatus status) {
    if (!status.ready()) {
      return status.reason();
    }
    return status.reason().isEmpty() ? "ready" : "ready; " + status.reason();
  }

  private String describeNotReady() {
    return components.entrySet().stream()
        .filter(entry -> !entry.getValue().get().ready())
        .map(entry -> entry.getKey() + " (" + entry.getValue().get().reason() + ")")
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
