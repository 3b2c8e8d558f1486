package dev.tributary.trainer.replay;

import dev.tributary.foundation.error.ConfigException;

/**
 * How much a replay buffer may hold.
 *
 * @param capacityRecords examples, and facts whose newest answer is known, at most
 * @param capacityBytes bytes of both together at most
 */
public record ReplayLimits(int capacityRecords, long capacityBytes) {

  public ReplayLimits {
    if (capacityRecords < 0) {
      throw ConfigException.of(
          "replay.capacity_records", capacityRecords, "use 0 (no replay) or more");
    }
    if (capacityBytes < 0) {
      throw ConfigException.of("replay.capacity_bytes", capacityBytes, "use 0 (no replay) or more");
    }
  }
}
