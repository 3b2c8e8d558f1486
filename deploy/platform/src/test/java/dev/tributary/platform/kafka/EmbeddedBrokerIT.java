package dev.tributary.platform.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

  @TempDir Path directory;

  @Test
  void aStartedBrokerIsUsableAtOnceAndStopsWithinFiveSeconds() throws Exception {
    // given
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory));

    // when
    createTopic(broker, "first");

    // then
    assertEquals(Set.of("first"), topics(broker));
    long begin = System.nanoTime();
    broker.close();
    assertFalse(broker.isAlive());
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 5_000);
  }

  @Test
  void aKilledBrokerRestartsOnTheSamePortWithItsData() throws Exception {
    // given
    EmbeddedBroker first = EmbeddedBroker.start(BrokerOptions.in(directory));
    createTopic(first, "kept");

    // when
    first.kill();

    // then
    assertFalse(first.isAlive());
    try (EmbeddedBroker second = EmbeddedBroker.start(first.options())) {
      assertEquals(first.bootstrapServers(), second.bootstrapServers());
      assertEquals(Set.of("kept"), topics(second));
    }
  }

  @Test
  void aDirectoryInUseIsRefusedInOneSentence() {
    // given
    try (EmbeddedBroker owner = EmbeddedBroker.start(BrokerOptions.in(directory))) {
      assertTrue(owner.isAlive());

      // when
      ConfigException refusal =
          assertThrows(
              ConfigException.class, () -> EmbeddedBroker.start(BrokerOptions.in(directory)));

      // then
      assertTrue(refusal.getMessage().contains("in use by another broker"), refusal.getMessage());
      assertTrue(refusal.getMessage().contains(directory.toString()), refusal.getMessage());
    }
  }

  @Test
  void aTakenPortIsRefusedInOneSentence() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // when
      BrokerOptions options = BrokerOptions.in(directory).withPort(other.getLocalPort());
      ConfigException refusal =
          assertThrows(ConfigException.class, () -> EmbeddedBroker.start(options));

      // then
      assertEquals(
          "broker port: %d on 127.0.0.1 is taken by another process; stop that one or choose another port"
              .formatted(other.getLocalPort()),
          refusal.getMessage());
    }
  }

  @Test
  void aChildThatDiesIsReportedWithItsLastLogLines() {
    // given a setting the broker refuses
    BrokerOptions options = BrokerOptions.in(directory).with("num.io.threads", "none");

    // when
    RetriableException failure =
        assertThrows(RetriableException.class, () -> EmbeddedBroker.start(options));

    // then
    assertTrue(failure.getMessage().contains("ended while starting"), failure.getMessage());
    assertTrue(failure.getMessage().contains("num.io.threads"), failure.getMessage());
  }

  @Test
  void aChildWithoutABrokerOnItsClassPathIsReported() {
    // given
    BrokerOptions options = BrokerOptions.in(directory).withClassPath(directory.toString());

    // when
    RetriableException failure =
        assertThrows(RetriableException.class, () -> EmbeddedBroker.start(options));

    // then
    assertTrue(failure.getMessage().contains("BrokerMain"), failure.getMessage());
  }

  @Test
  void noBrokerOutlivesAParentThatIsKilled() throws Exception {
    // given a process that starts a broker and then waits
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BrokerParent.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long brokerPid = Long.parseLong(parent.inputReader().readLine());
    ProcessHandle broker = ProcessHandle.of(brokerPid).orElseThrow();
    assertTrue(broker.isAlive());

    // when
    parent.destroyForcibly().waitFor(5, TimeUnit.SECONDS);

    // then
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !broker.isAlive());
  }

  private static void createTopic(EmbeddedBroker broker, String name) throws Exception {
    try (Admin admin = Admin.create(KafkaSettings.of(broker.bootstrapServers()).admin())) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(10, TimeUnit.SECONDS);
    }
  }

  private static Set<String> topics(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(KafkaSettings.of(broker.bootstrapServers()).admin())) {
      return admin.listTopics().names().get(10, TimeUnit.SECONDS);
    }
  }
}
