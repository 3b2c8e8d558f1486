package dev.tributary.ingest.topology;

import dev.tributary.foundation.error.ConfigException;
import java.time.Duration;

/**
 * The {@code topology:} map of the ingest configuration. Absent keys take their defaults.
 *
 * @param applicationId name of the consumer group, the transactions and the internal topics;
 *     default {@code tributary-ingest}
 * @param joinWindow how long feedback waits for its interaction before it becomes a dead letter, 1
 *     s to 24 h; default 10 min
 * @param retention how long interactions can be joined with and ids are remembered for
 *     deduplication, at least the join window, at most 90 days; default 7 days
 * @param heldoutShare share of an answer's questions that is measured on and never trained on,
 *     where enough others teach the answer, 0 to 0.9; default 0.05
 * @param voices how many different authors must give the same answer before it is believed of
 *     people who are not staff, 1 to 100; default 2
 * @param stateStores where the join keeps its state; default {@code rocksdb}
 * @param threads stream threads of this process, 1 to 64; default 1
 */
public record TopologyConfig(
    String applicationId,
    Duration joinWindow,
    Duration retention,
    Double heldoutShare,
    Integer voices,
    StateStores stateStores,
    Integer threads) {

  private static final Duration LONGEST_WINDOW = Duration.ofHours(24);
  private static final Duration LONGEST_RETENTION = Duration.ofDays(90);

  /** What holds where the configuration says nothing. */
  public static final TopologyConfig DEFAULT =
      new TopologyConfig(null, null, null, null, null, null, null);

  public TopologyConfig {
    applicationId = applicationId == null ? "tributary-ingest" : applicationId;
    joinWindow = joinWindow == null ? Duration.ofMinutes(10) : joinWindow;
    retention = retention == null ? Duration.ofDays(7) : retention;
    heldoutShare = heldoutShare == null ? 0.05 : heldoutShare;
    voices = voices == null ? 2 : voices;
    stateStores = stateStores == null ? StateStores.ROCKSDB : stateStores;
    threads = threads == null ? 1 : threads;
    if (!applicationId.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw ConfigException.of(
          "topology.application_id",
          applicationId,
          "use 1 to 100 letters, digits, dots, hyphens or underscores");
    }
    if (joinWindow.compareTo(Duration.ofSeconds(1)) < 0
        || joinWindow.compareTo(LONGEST_WINDOW) > 0) {
      throw ConfigException.of(
          "topology.join_window", joinWindow, "use a duration from 1s to 24h, such as 10m");
    }
    if (retention.compareTo(joinWindow) < 0 || retention.compareTo(LONGEST_RETENTION) > 0) {
      throw ConfigException.of(
          "topology.retention",
          retention,
          "use a duration from join_window (%s) to 90d".formatted(joinWindow));
    }
    if (!(heldoutShare >= 0 && heldoutShare <= 0.9)) {
      throw ConfigException.of(
          "topology.heldout_share", heldoutShare, "use a number from 0 to 0.9");
    }
    if (voices < 1 || voices > 100) {
      throw ConfigException.of("topology.voices", voices, "use a whole number from 1 to 100");
    }
    if (threads < 1 || threads > 64) {
      throw ConfigException.of("topology.threads", threads, "use a whole number from 1 to 64");
    }
  }
}
