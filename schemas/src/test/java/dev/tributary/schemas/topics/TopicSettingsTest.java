package dev.tributary.schemas.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTest {

  @Test
  void everyKeyHasADefaultAndCanBeSet() {
    assertEquals(new TopicSettings(4, 1), StrictYaml.parse("", "test", TopicSettings.class));
    assertEquals(
        new TopicSettings(8, 3),
        StrictYaml.parse("partitions: 8\nreplication_factor: 3\n", "test", TopicSettings.class));
  }

  @ParameterizedTest
  @CsvSource({
    "partitions, 0",
    "partitions, 1001",
    "replication_factor, 0",
    "replication_factor, 16"
  })
  void valuesOutOfRangeNameTheirKey(String key, int value) {
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> StrictYaml.parse(key + ": " + value, "test", TopicSettings.class));
    assertTrue(refusal.getMessage().contains("topics." + key), refusal.getMessage());
  }
}
