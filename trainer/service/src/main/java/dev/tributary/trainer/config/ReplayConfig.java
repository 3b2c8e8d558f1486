package dev.tributary.trainer.config;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.trainer.replay.ReplayLimits;

/**
 * The {@code replay:} map. Absent keys take their defaults.
 *
 * @param share rehearsed share of the sequences of each step, 0 (off) to 0.95; default 0.4
 * @param capacityRecords examples remembered per adapter, at most; default 2,000
 * @param capacityBytes bytes of them per adapter, at most; default 16 MiB
 */
public record ReplayConfig(Double share, Integer capacityRecords, Long capacityBytes) {

  public static final ReplayConfig DEFAULT = new ReplayConfig(null, null, null);

  private static final double MAX_SHARE = 0.95;

  public ReplayConfig {
    share = share == null ? 0.4 : share;
    capacityRecords = capacityRecords == null ? 2_000 : capacityRecords;
    capacityBytes = capacityBytes == null ? 16L << 20 : capacityBytes;
    if (!(share >= 0 && share <= MAX_SHARE)) {
      throw ConfigException.of(
          "trainer.replay.share", share, "use a number from 0 to " + MAX_SHARE);
    }
    if (capacityRecords < 0 || capacityRecords > 1_000_000) {
      throw ConfigException.of(
          "trainer.replay.capacity_records",
          capacityRecords,
          "use a whole number from 0 to 1000000");
    }
    if (capacityBytes < 0 || capacityBytes > 1L << 30) {
      throw ConfigException.of(
          "trainer.replay.capacity_bytes", capacityBytes, "use bytes from 0 to 1073741824 (1 GiB)");
    }
  }

  public ReplayLimits limits() {
    return new ReplayLimits(capacityRecords, capacityBytes);
  }
}
