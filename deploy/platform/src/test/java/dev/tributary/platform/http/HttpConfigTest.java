package dev.tributary.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {

  @Test
  void defaults() {
    assertEquals(
        new HttpConfig(
            "127.0.0.1",
            null,
            List.of(),
            1024,
            134_217_728L,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            1024),
        StrictYaml.parse("", "test", HttpConfig.class));
  }

  @Test
  void fullMapping() {
    String yaml =
        """
        host: localhost
        port: 8081
        allowed_hosts: [tributary.internal]
        max_connections: 10
        max_buffered_bytes: 2000000
        header_timeout: 5s
        idle_timeout: 1m
        min_body_rate: 0
        """;

    assertEquals(
        new HttpConfig(
            "localhost",
            8081,
            List.of("tributary.internal"),
            10,
            2_000_000L,
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            0),
        StrictYaml.parse(yaml, "test", HttpConfig.class));
  }

  @Test
  void takesTheServicesPortWhereNoneIsNamed() {
    assertEquals(8081, HttpConfig.orPort(null, 8081).port());
    assertEquals(
        8081,
        HttpConfig.orPort(StrictYaml.parse("host: localhost", "test", HttpConfig.class), 8081)
            .port());
    assertEquals(0, HttpConfig.orPort(HttpConfig.onPort(0), 8081).port());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "::", "10.0.0.1", "example.com", "127.0.0.1.nip.io", "127.0.0.256", ""})
  void refusesToListenToTheNetwork(String host) {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () -> new HttpConfig(host, null, null, null, null, null, null, null));

    assertTrue(error.getMessage().startsWith("http.host: '" + host + "'"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "port: -1",
        "port: 65536",
        "max_connections: 0",
        "max_buffered_bytes: 1000",
        "header_timeout: 0s",
        "idle_timeout: 0s",
        "min_body_rate: -1",
        "prot: 1"
      })
  void refusesValuesOutOfRange(String yaml) {
    assertThrows(ConfigException.class, () -> StrictYaml.parse(yaml, "test", HttpConfig.class));
  }
}
