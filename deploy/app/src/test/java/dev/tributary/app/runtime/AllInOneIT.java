package dev.tributary.app.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in this process, on a broker that is there already. */
class AllInOneIT {

  @TempDir Path directory;

  @Test
  void aBrokerTheConfigurationNamesIsUsedAndNoneIsStarted() throws Exception {
    // given
    TributaryConfig file = TributaryConfig.read(UpFile.write(directory));
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerOptions.in(directory.resolve("elsewhere")))) {
      TributaryConfig config = file.withBootstrapServers(broker.bootstrapServers());

      // when
      try (Shutdown shutdown = Shutdown.onSignal()) {
        AllInOne running = AllInOne.start(config, Clock.systemUTC(), shutdown);
        running.awaitReady(Duration.ofSeconds(60));

        // then
        assertEquals(broker.bootstrapServers(), running.bootstrapServers());
        assertFalse(Files.exists(directory.resolve("state/broker")));
        assertTrue(running.service(Starter.SERVE).port() > 0);
      }
      assertTrue(broker.isAlive());
    }
  }

  @Test
  void whatWasStartedIsClosedWhenTheModelIsMissing() throws Exception {
    // given
    Path file = UpFile.write(directory);
    Files.writeString(file, Files.readString(file).replace("/tiny", "/none"));
    TributaryConfig config = TributaryConfig.read(file);

    // when
    for (int attempt = 1; attempt <= 2; attempt++) {
      try (Shutdown shutdown = Shutdown.onSignal()) {
        ConfigException error =
            assertThrows(
                ConfigException.class, () -> AllInOne.start(config, Clock.systemUTC(), shutdown));
        assertTrue(error.getMessage().contains("none"), error.getMessage());
      }
    }

    // then the second attempt did not find the first one's locks
    assertEquals(0, ProcessHandle.current().children().filter(ProcessHandle::isAlive).count());
  }
}
