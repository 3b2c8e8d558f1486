package dev.tributary.app.runtime;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TributaryConfigTest {

  @Test
  void defaultsNeedNoFile() {
    TributaryConfig config = TributaryConfig.read(null);

    Path state = Path.of("state").toAbsolutePath();
    assertAll(
        () -> assertEquals(Optional.empty(), config.kafka().bootstrapServers()),
        () -> assertEquals(state, config.stateDir()),
        () -> assertEquals(state.resolve("artifacts"), config.artifactsDir()),
        () -> assertTrue(config.baseModel().endsWith("deploy/demo")),
        () -> assertEquals(9092, config.broker().port()),
        () -> assertEquals(8081, config.ingestConfig().http().port()),
        () -> assertEquals(8082, config.trainerConfig().trainer().http().port()),
        () -> assertEquals(8083, config.evaluatorConfig().http().port()),
        () -> assertEquals(8080, config.serveConfig().http().port()));
  }

  @Test
  void whatIsSharedReachesEverySection() {
    TributaryConfig config =
        parse(
            """
            kafka:
              bootstrap.servers: k:9092
              linger.ms: 5
              consumer.max.poll.records: 7
            topics: {partitions: 8}
            schema_registry: http://r:8081
            state_dir: /var/s
            artifacts_dir: /var/a
            base_model: /m
            """);

    assertAll(
        () -> assertEquals("7", config.kafka().consumer().get("max.poll.records")),
        () -> assertEquals("5", config.kafka().producer().get("linger.ms")),
        () -> assertEquals(8, config.ingestConfig().topics().partitions()),
        () -> assertEquals(8, config.trainerConfig().topics().partitions()),
        () -> assertEquals(8, config.evaluatorConfig().topics().partitions()),
        () -> assertEquals(8, config.serveConfig().topics().partitions()),
        () -> assertEquals("http://r:8081", config.ingestConfig().schemaRegistry()),
        () -> assertEquals("http://r:8081", config.trainerConfig().schemaRegistry()),
        () -> assertEquals("http://r:8081", config.evaluatorConfig().schemaRegistry()),
        () -> assertEquals("http://r:8081", config.serveConfig().schemaRegistry()),
        () -> assertEquals(Path.of("/var/s/ingest"), config.ingestConfig().stateDir()),
        () -> assertEquals(Path.of("/var/s/trainer"), config.trainerConfig().stateDir()),
        () -> assertEquals(Path.of("/var/s/evaluator"), config.evaluatorConfig().stateDir()),
        () -> assertEquals(Path.of("/var/a"), config.trainerConfig().artifactsDir()),
        () -> assertEquals(Path.of("/var/a"), config.evaluatorConfig().artifactsDir()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafak: {}|did you mean 'kafka'?",
        "trainer: {lora_rank: 8}|Tributary calls it 'r'",
        "ingest: {topics: {partitions: 9}}|write topics: once, at the top",
        "broker: {heap: 256m, heap: 1g}|heap",
        "'kafka: {sasl.jaas.config: com.sun.security.auth.module.JndiLoginModule required;}'|JNDI",
        "'kafka: {sasl.oauthbearer.token.endpoint.url: \"file:/etc/passwd\"}'|file: URL is refused",
        "'kafka: {bootstrap: {servers: x}}'|write Kafka's own dotted key",
      })
  void mistakesAreNamed(String yaml, String message) {
    ConfigException error = assertThrows(ConfigException.class, () -> parse(yaml));

    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private static TributaryConfig parse(String yaml) {
    return StrictYaml.parse(yaml, "test.yaml", TributaryConfig.class);
  }
}
