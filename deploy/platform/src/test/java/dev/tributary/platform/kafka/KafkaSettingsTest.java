package dev.tributary.platform.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {

  @Test
  void everyClientGetsTheSharedSettingsAndItsOwn() {
    KafkaSettings settings =
        KafkaSettings.of(
            Map.of(
                "bootstrap.servers", "a:1,b:2",
                "retries", 3,
                "consumer.max.poll.records", 7,
                "consumer.retries", 4,
                "producer.linger.ms", 5,
                "streams.num.stream.threads", 2));

    assertEquals(Optional.of("a:1,b:2"), settings.bootstrapServers());
    assertEquals(
        Map.of("bootstrap.servers", "a:1,b:2", "retries", "4", "max.poll.records", "7"),
        settings.consumer());
    assertEquals(
        Map.of("bootstrap.servers", "a:1,b:2", "retries", "3", "linger.ms", "5"),
        settings.producer());
    assertEquals(Map.of("bootstrap.servers", "a:1,b:2", "retries", "3"), settings.admin());
    assertEquals(
        Map.of(
            "bootstrap.servers", "a:1,b:2",
            "retries", "3",
            "consumer.max.poll.records", "7",
            "consumer.retries", "4",
            "producer.linger.ms", "5",
            "num.stream.threads", "2"),
        settings.streams());
  }

  @Test
  void aCallerMayAddToItsMapWithoutChangingTheSettings() {
    KafkaSettings settings = KafkaSettings.of("a:1");

    settings.consumer().put("group.id", "g");

    assertEquals(Map.of("bootstrap.servers", "a:1"), settings.consumer());
    assertEquals("b:2", settings.with("bootstrap.servers", "b:2").bootstrapServers().orElseThrow());
    assertEquals("a:1", settings.bootstrapServers().orElseThrow());
  }

  @Test
  void secretsNeverShow() {
    KafkaSettings settings =
        KafkaSettings.of(
            Map.of(
                "ssl.key.password", "hush",
                "sasl.jaas.config", "PlainLoginModule required password=hush;",
                "ssl.keystore.key", "hush",
                "sasl.oauthbearer.client.credentials.client.secret", "hush",
                "bootstrap.servers", "a:1"));

    assertFalse(settings.toString().contains("hush"), settings.toString());
    assertTrue(settings.toString().contains("bootstrap.servers=a:1"), settings.toString());
    assertEquals("hush", settings.admin().get("ssl.key.password"));
  }

  @ParameterizedTest
  @CsvSource({
    "sasl.jaas.config,com.sun.security.auth.module.JndiLoginModule required;",
    "producer.sasl.jaas.config,COM.SUN.SECURITY.AUTH.MODULE.LDAPLOGINMODULE required;",
    "listener.name.x.sasl.jaas.config,a.JndiLoginModule required;",
    "sasl.oauthbearer.token.endpoint.url,file:/etc/passwd",
    "sasl.oauthbearer.jwks.endpoint.url, FILE:///etc/passwd",
    "consumer.sasl.oauthbearer.jwks.endpoint.url,file:x",
  })
  void whatLoadsCodeOrReadsFilesIsRefused(String key, String value) {
    ConfigException error =
        assertThrows(ConfigException.class, () -> KafkaSettings.of(Map.of(key, value)));

    assertTrue(error.getMessage().startsWith("kafka." + key), error.getMessage());
    assertFalse(error.getMessage().contains("passwd"), error.getMessage());
  }

  @Test
  void nestedMapsAndListsAreRefused() {
    for (Object value : List.of(Map.of("servers", "a:1"), List.of("a:1"))) {
      ConfigException error =
          assertThrows(ConfigException.class, () -> KafkaSettings.of(Map.of("bootstrap", value)));

      assertTrue(error.getMessage().contains("dotted key"), error.getMessage());
    }
  }
}
