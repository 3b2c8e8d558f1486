package dev.tributary.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.ingest.gateway.GatewayConfig;
import dev.tributary.ingest.topology.StateStores;
import dev.tributary.ingest.topology.TopologyConfig;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.schemas.topics.TopicSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngestConfigTest {

  @Test
  void defaults() {
    assertEquals(
        new IngestConfig(
            HttpConfig.onPort(8081),
            new TopicSettings(4, 1),
            null,
            null,
            Duration.ofSeconds(60),
            new GatewayConfig(
                20_000, 67_108_864L, Duration.ofSeconds(10), 10_000, Duration.ofHours(1)),
            TopologyConfig.DEFAULT),
        StrictYaml.parse("", "test", IngestConfig.class));
  }

  @Test
  void fullMapping() {
    String yaml =
        """
        http: {port: 9000}
        topics: {partitions: 2, replication_factor: 3}
        schema_registry: http://localhost:8089
        state_dir: state
        broker_wait: 5s
        gateway:
          max_in_flight_records: 10
          max_in_flight_bytes: 2000000
          acknowledge_timeout: 3s
          idempotency_keys: 7
          idempotency_retention: 5m
        topology:
          application_id: other
          join_window: 1m
          retention: 1h
          heldout_share: 0.1
          voices: 3
          state_stores: in_memory
          threads: 2
        """;

    assertEquals(
        new IngestConfig(
            HttpConfig.onPort(9000),
            new TopicSettings(2, 3),
            "http://localhost:8089",
            Path.of("state"),
            Duration.ofSeconds(5),
            new GatewayConfig(10, 2_000_000L, Duration.ofSeconds(3), 7, Duration.ofMinutes(5)),
            new TopologyConfig(
                "other",
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                0.1,
                3,
                StateStores.IN_MEMORY,
                2)),
        StrictYaml.parse(yaml, "test", IngestConfig.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway: {max_in_flight_records: 0}  | gateway.max_in_flight_records: '0'",
        "gateway: {max_in_flight_bytes: 1000} | gateway.max_in_flight_bytes: '1000'",
        "gateway: {acknowledge_timeout: 3m}   | gateway.acknowledge_timeout: 'PT3M'",
        "gateway: {idempotency_keys: -1}      | gateway.idempotency_keys: '-1'",
        "gateway: {idempotency_retention: 2d} | gateway.idempotency_retention: 'PT48H'",
        "gateway: {max_inflight_records: 1}   | did you mean 'max_in_flight_records'?",
        "broker_wait: 0s                      | ingest.broker_wait: 'PT0S'",
        "gatway: {}                           | did you mean 'gateway'?",
        "http: {host: 0.0.0.0}                | http.host: '0.0.0.0'",
      })
  void refusesOtherValues(String yaml, String message) {
    ConfigException error =
        assertThrows(
            ConfigException.class, () -> StrictYaml.parse(yaml, "test", IngestConfig.class));

    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void sharesWhatAllServicesShare() {
    TopicSettings topics = new TopicSettings(2, 1);
    IngestConfig own = StrictYaml.parse("state_dir: own", "test", IngestConfig.class);

    assertEquals(
        Path.of("shared"), IngestConfig.DEFAULT.within(topics, Path.of("shared")).stateDir());
    assertEquals(Path.of("own"), own.within(topics, Path.of("shared")).stateDir());
    assertEquals(topics, own.within(topics, Path.of("shared")).topics());
    assertThrows(ConfigException.class, IngestConfig.DEFAULT::requiredStateDir);
  }
}
