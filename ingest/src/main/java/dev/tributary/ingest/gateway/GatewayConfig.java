package dev.tributary.ingest.gateway;

import static java.util.Objects.requireNonNullElse;

import dev.tributary.foundation.error.ConfigException;
import java.time.Duration;

/**
 * The {@code gateway:} map of the ingest configuration. Absent keys take their defaults.
 *
 * @param maxInFlightRecords records that may wait for the broker's acknowledgement, 1 to 1,000,000;
 *     more are answered 429; default 20,000
 * @param maxInFlightBytes their size as sent to the broker, at least 1 MiB; default 64 MiB
 * @param acknowledgeTimeout how long the broker may take to acknowledge before 503, 1 s to 2 min;
 *     default 10 s
 * @param idempotencyKeys answers kept for repetition under an {@code Idempotency-Key}, 1 to
 *     1,000,000; default 10,000
 * @param idempotencyRetention how long they are kept, 1 s to 24 h; default 1 h
 */
public record GatewayConfig(
    Integer maxInFlightRecords,
    Long maxInFlightBytes,
    Duration acknowledgeTimeout,
    Integer idempotencyKeys,
    Duration idempotencyRetention) {

  /** What holds where the configuration says nothing. */
  public static final GatewayConfig DEFAULT = new GatewayConfig(null, null, null, null, null);

  public GatewayConfig {
    maxInFlightRecords = requireNonNullElse(maxInFlightRecords, 20_000);
    maxInFlightBytes = requireNonNullElse(maxInFlightBytes, 64L << 20);
    acknowledgeTimeout = requireNonNullElse(acknowledgeTimeout, Duration.ofSeconds(10));
    idempotencyKeys = requireNonNullElse(idempotencyKeys, 10_000);
    idempotencyRetention = requireNonNullElse(idempotencyRetention, Duration.ofHours(1));
    requireCount("max_in_flight_records", maxInFlightRecords);
    requireCount("idempotency_keys", idempotencyKeys);
    if (maxInFlightBytes < 1 << 20) {
      throw ConfigException.of(
          "gateway.max_in_flight_bytes", maxInFlightBytes, "use at least 1048576");
    }
    requireBetween("acknowledge_timeout", acknowledgeTimeout, Duration.ofMinutes(2), "1s to 2m");
    requireBetween(
        "idempotency_retention", idempotencyRetention, Duration.ofHours(24), "1s to 24h");
  }

  private static void requireCount(String key, int value) {
    if (value < 1 || value > 1_000_000) {
      throw ConfigException.of("gateway." + key, value, "use a whole number from 1 to 1000000");
    }
  }

  private static void requireBetween(String key, Duration value, Duration most, String range) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(most) > 0) {
      throw ConfigException.of("gateway." + key, value, "use a duration from " + range);
    }
  }
}
