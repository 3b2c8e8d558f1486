package dev.tributary.app.demo;

import dev.tributary.app.http.TributaryClient;
import dev.tributary.foundation.AdapterId;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * One adapter's way through trainer and gate, as it shows over HTTP, and waiting for it to get
 * somewhere.
 */
public final class Loop {

  private static final Duration LOOK = Duration.ofMillis(100);

  /** How long nothing may happen before it counts as rest. */
  public static final Duration QUIET = Duration.ofMillis(2_500);

  private final TributaryClient client;
  private final AdapterId adapter;
  private final LongSupplier nanoTime;

  public Loop(TributaryClient client, AdapterId adapter, LongSupplier nanoTime) {
    this.client = client;
    this.adapter = adapter;
    this.nanoTime = nanoTime;
  }

  /** The version that answers; 0 for the base model. */
  public int activeVersion() {
    return registry().path("active_version").asInt(0);
  }

  /** The newest version with a verdict; 0 for none. */
  public int newestVersion() {
    return registry().path("versions").path(0).path("version").asInt(0);
  }

  /** A version as the registry tells it; a missing node if there is none. */
  public JsonNode version(int number) {
    for (JsonNode version : registry().path("versions")) {
      if (version.path("version").asInt() == number) {
        return version;
      }
    }
    return MissingNode.getInstance();
  }

  private JsonNode registry() {
    return client.registry(adapter.dotted()).orElse(MissingNode.getInstance());
  }

  /** Whether nothing waits in the trainer and its newest candidate has a verdict. */
  public boolean isSettled() {
    return client
        .training(adapter.toString())
        .filter(status -> status.path("pending").asInt() == 0 && status.path("lag").asLong() == 0)
        .filter(status -> status.path("version").asInt() == newestVersion())
        .isPresent();
  }

  /**
   * Waits until the loop has been settled, on one version, for a while.
   *
   * @return whether it came to rest in time
   */
  public boolean awaitRest(Duration limit) {
    long[] quietSince = {nanoTime.getAsLong()};
    int[] version = {newestVersion()};
    return await(
        limit,
        () -> {
          if (!isSettled() || version[0] != newestVersion()) {
            quietSince[0] = nanoTime.getAsLong();
            version[0] = newestVersion();
          }
          return nanoTime.getAsLong() - quietSince[0] >= QUIET.toNanos();
        });
  }

  /**
   * Looks again and again.
   *
   * @return whether it came true in time
   */
  public boolean await(Duration limit, BooleanSupplier condition) {
    long deadline = nanoTime.getAsLong() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (nanoTime.getAsLong() > deadline) {
        return false;
      }
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
