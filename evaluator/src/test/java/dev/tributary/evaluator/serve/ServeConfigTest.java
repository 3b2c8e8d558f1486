package dev.tributary.evaluator.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.serve.record.FullBufferPolicy;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.schemas.topics.TopicSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeConfigTest {

  @Test
  void hasDefaultsForEverything() {
    ServeConfig config = StrictYaml.parse("", "serve.yaml", ServeConfig.class);

    assertEquals(
        new ServeConfig(
            HttpConfig.onPort(8080),
            new TopicSettings(4, 1),
            null,
            null,
            1,
            16,
            64,
            Duration.ofMinutes(2),
            List.of(),
            8,
            10_000,
            FullBufferPolicy.ANSWER),
        config);
  }

  @Test
  void readsEveryKey() {
    ServeConfig config =
        StrictYaml.parse(
            """
            http: {port: 9000}
            topics: {partitions: 2}
            schema_registry: http://registry:8081
            published_dir: /srv/adapters
            workers: 2
            batch_size: 3
            queue_capacity: 5
            answer_timeout: 30s
            adapters: [shop/support, shop/faq]
            cached_versions: 3
            record_capacity: 100
            record_when_full: refuse
            """,
            "serve.yaml",
            ServeConfig.class);

    assertEquals(
        new ServeConfig(
            HttpConfig.onPort(9000),
            new TopicSettings(2, 1),
            "http://registry:8081",
            Path.of("/srv/adapters"),
            2,
            3,
            5,
            Duration.ofSeconds(30),
            List.of("shop/support", "shop/faq"),
            3,
            100,
            FullBufferPolicy.REFUSE),
        config);
    assertEquals(
        Set.of(new AdapterId("shop", "support"), new AdapterId("shop", "faq")),
        config.adapterIds());
  }

  @Test
  void takesWhatAllServicesShareAndKeepsItsOwnRegistry() {
    ServeConfig own = StrictYaml.parse("schema_registry: http://own", "x", ServeConfig.class);

    assertEquals("http://own", own.within(new TopicSettings(9, 1), "http://all").schemaRegistry());
    assertEquals(9, own.within(new TopicSettings(9, 1), "http://all").topics().partitions());
    assertEquals(
        "http://all",
        ServeConfig.DEFAULT.within(TopicSettings.DEFAULT, "http://all").schemaRegistry());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workers: 0|workers",
        "workers: 65|workers",
        "batch_size: 0|batch_size",
        "batch_size: 257|batch_size",
        "queue_capacity: 0|queue_capacity",
        "answer_timeout: 2h|answer_timeout",
        "answer_timeout: 10ms|answer_timeout",
        "adapters: [../x]|../x",
        "adapters: [a/B]|a/B",
        "cached_versions: 0|cached_versions",
        "record_capacity: 0|record_capacity",
        "record_when_full: maybe|record_when_full",
        "worker: 1|workers",
        "http: {host: 0.0.0.0}|loopback",
      })
  void refusesWhatCannotBeUsedNamingTheKey(String yaml, String named) {
    ConfigException refusal =
        assertThrows(
            ConfigException.class, () -> StrictYaml.parse(yaml, "serve.yaml", ServeConfig.class));

    assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
  }
}
