package dev.tributary.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyConfigTest {

  @Test
  void everyKeyHasADefault() {
    TopologyConfig config = StrictYaml.parse("", "test", TopologyConfig.class);
    assertEquals(TopologyConfig.DEFAULT, config);
    assertEquals(
        new TopologyConfig(
            "tributary-ingest",
            Duration.ofMinutes(10),
            Duration.ofDays(7),
            0.05,
            2,
            StateStores.ROCKSDB,
            1),
        config);
  }

  @Test
  void everyKeyCanBeSet() {
    // when
    TopologyConfig config =
        StrictYaml.parse(
            """
            application_id: my-app
            join_window: 5m
            retention: 2d
            heldout_share: 0.1
            voices: 3
            state_stores: in_memory
            threads: 3
            """,
            "test",
            TopologyConfig.class);

    // then
    assertEquals(
        new TopologyConfig(
            "my-app", Duration.ofMinutes(5), Duration.ofDays(2), 0.1, 3, StateStores.IN_MEMORY, 3),
        config);
  }

  @ParameterizedTest
  @CsvSource({
    "application_id, '../x'",
    "join_window, 10ms",
    "join_window, 25h",
    "retention, 1m",
    "retention, 91d",
    "heldout_share, -0.1",
    "heldout_share, 0.95",
    "heldout_share, .nan",
    "voices, 0",
    "voices, 101",
    "threads, 0",
    "threads, 65"
  })
  void valuesOutOfRangeNameTheirKey(String key, String value) {
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> StrictYaml.parse("%s: %s".formatted(key, value), "test", TopologyConfig.class));
    assertTrue(refusal.getMessage().contains(key), refusal.getMessage());
  }
}
