package dev.tributary.trainer.config;

import dev.tributary.foundation.error.ConfigException;
import java.time.Duration;

/**
 * The {@code checkpoint:} map: which bytes stay in the artefact store. Absent keys take their
 * defaults.
 *
 * @param keep newest checkpoints kept per adapter, at least 1, as long as the log still names them;
 *     default 3
 * @param orphanGrace how old an artefact nobody names must be before it is deleted, at least 10
 *     min; default 24 h
 * @param collectEvery how often orphans are looked for, at least 1 s; default 1 h
 */
public record CheckpointConfig(Integer keep, Duration orphanGrace, Duration collectEvery) {

  public static final CheckpointConfig DEFAULT = new CheckpointConfig(null, null, null);

  public CheckpointConfig {
    keep = keep == null ? 3 : keep;
    orphanGrace = orphanGrace == null ? Duration.ofHours(24) : orphanGrace;
    collectEvery = collectEvery == null ? Duration.ofHours(1) : collectEvery;
    if (keep < 1) {
      throw ConfigException.of("trainer.checkpoint.keep", keep, "use a whole number of at least 1");
    }
    if (orphanGrace.compareTo(Duration.ofMinutes(10)) < 0) {
      throw ConfigException.of(
          "trainer.checkpoint.orphan_grace",
          orphanGrace,
          "use at least 10m: bytes that are about to be committed must not be deleted");
    }
    if (collectEvery.compareTo(Duration.ofSeconds(1)) < 0) {
      throw ConfigException.of(
          "trainer.checkpoint.collect_every", collectEvery, "use a duration of at least 1s");
    }
  }
}
