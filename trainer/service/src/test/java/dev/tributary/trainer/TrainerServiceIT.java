package dev.tributary.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.trainer.config.TrainerConfig;
import dev.tributary.trainer.config.TrainingConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerServiceIT {

  @TempDir Path directory;

  @Test
  void answersOverHttpHoldsItsDirectoryAndStartsAgain() throws Exception {
    BaseModel base =
        BaseModel.load(TinyModel.write(directory.resolve("model"), 1), new ReferenceKernels());
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")))) {
      KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
      try (TrainerService service =
          TrainerService.start(config("state", 0), kafka, base, Clock.systemUTC())) {
        // when
        service.awaitReady(Duration.ofSeconds(60));

        // then
        assertEquals("trainer", service.name());
        for (String path : List.of("/health/live", "/health/ready", "/metrics", "/v1/status")) {
          assertEquals(200, get(service, path).statusCode(), path);
        }
        String metrics = get(service, "/metrics").body();
        assertTrue(metrics.contains("jvm_memory_used_bytes"));
        assertTrue(metrics.contains("tributary_kernels_info{kernels=\"reference\"}"), metrics);
        assertEquals("{\"object\":\"list\",\"data\":[]}", get(service, "/v1/status").body());
        assertEquals(404, get(service, "/v1/other").statusCode());

        // and a second one cannot have its directory
        ConfigException held =
            assertThrows(
                ConfigException.class,
                () -> TrainerService.start(config("state", 0), kafka, base, Clock.systemUTC()));
        assertTrue(held.getMessage().contains("state_dir"), held::getMessage);
      }

      // and a port that is taken leaves nothing behind
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        assertThrows(
            ConfigException.class,
            () ->
                TrainerService.start(
                    config("state", taken.getLocalPort()), kafka, base, Clock.systemUTC()));
      }
      try (TrainerService again =
          TrainerService.start(config("state", 0), kafka, base, Clock.systemUTC())) {
        again.awaitReady(Duration.ofSeconds(60));
      }
    }
  }

  private TrainerConfig config(String state, int port) {
    return new TrainerConfig(
        directory.resolve(state),
        directory.resolve("artifacts"),
        new TopicSettings(1, 1),
        null,
        StrictYaml.parse("http: {port: " + port + "}\nr: 2", "test", TrainingConfig.class));
  }

  private static HttpResponse<String> get(TrainerService service, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
