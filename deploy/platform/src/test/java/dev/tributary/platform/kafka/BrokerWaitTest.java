package dev.tributary.platform.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerWaitTest {

  @Test
  void givesUpWithAClearErrorWhenNobodyAnswers() throws IOException {
    // given an address where nothing listens
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    KafkaSettings kafka = KafkaSettings.of("127.0.0.1:" + port);

    // when
    RetriableException error =
        assertThrows(
            RetriableException.class, () -> BrokerWait.await(kafka, Duration.ofSeconds(1)));

    // then
    assertEquals(
        "no broker answers at 127.0.0.1:%d after 1 s; start it, or correct bootstrap.servers"
            .formatted(port),
        error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"bootstrap.servers,nowhere", "security.protocol,SECRET", "request.timeout.ms,soon"})
  void settingsNoClientCanBeMadeOfAreTheConfigurationsFault(String key, String value) {
    // given
    KafkaSettings kafka = KafkaSettings.of("127.0.0.1:1").with(key, value);

    // when
    ConfigException error =
        assertThrows(ConfigException.class, () -> BrokerWait.await(kafka, Duration.ofSeconds(1)));

    // then
    assertTrue(error.getMessage().startsWith("kafka: "), error.getMessage());
    assertTrue(error.getMessage().contains(value), error.getMessage());
  }
}
