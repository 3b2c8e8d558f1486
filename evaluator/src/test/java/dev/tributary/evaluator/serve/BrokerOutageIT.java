package dev.tributary.evaluator.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the server does without its broker. */
@Timeout(120)
class BrokerOutageIT {

  private static final AdapterId ADAPTER = new AdapterId("shop", "support");

  @TempDir Path directory;

  @Test
  void keepsAnsweringWhileTheBrokerIsGoneAndRecordsOnceItIsBack() {
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
    BaseModel base =
        BaseModel.load(TinyModel.write(directory.resolve("tiny"), 3), new ReferenceKernels());
    try (ServeService service =
        ServeService.start(Configs.serving(ADAPTER), kafka, base, Clock.systemUTC())) {
      service.awaitReady(Duration.ofSeconds(30));
      ServeClient client = new ServeClient(service.port());

      // when
      broker.kill();
      JsonNode answer = client.chat(ADAPTER.dotted(), "Where is the shop?", 4);

      // then
      assertTrue(client.metrics().contains("tributary_serve_unrecorded_interactions 1"));
      broker = EmbeddedBroker.start(broker.options());
      String id = answer.path("id").asString();
      assertEquals("tiny", new InteractionTopic(kafka).await(id).getModel());

      // and a second server on the same port says so
      ServeConfig samePort = Configs.onPort(ADAPTER, service.port());
      ConfigException taken =
          assertThrows(
              ConfigException.class,
              () -> ServeService.start(samePort, kafka, base, Clock.systemUTC()));
      assertTrue(taken.getMessage().contains(Integer.toString(service.port())));
    } finally {
      broker.close();
    }
  }
}
