package dev.tributary.app.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in real processes: start, health, stop, kill, and what must not be started twice. */
class UpIT {

  /**
   * The promise, and a second for a busy build machine to start {@code kill} and to notice the end.
   */
  private static final int STOP_SECONDS = 6;

  @TempDir Path directory;

  @Test
  void allServicesAreReadyAndCtrlCStopsEverythingAndTheNextStartIsClean() throws Exception {
    Path config = UpFile.write(directory);
    for (int start = 1; start <= 2; start++) {
      try (UpProcess up = UpProcess.start(config, directory.resolve("err" + start))) {
        // given
        Map<String, String> addresses = up.awaitAddresses();
        ProcessHandle broker = up.broker();
        for (String service : List.of("ingest", "trainer", "evaluator", "serve")) {
          URI uri = URI.create(addresses.get(service)).resolve("/health/ready");
          assertEquals(200, status(uri), service);
          assertEquals(200, status(uri.resolve("/metrics")), service);
        }

        // when
        up.interrupt();

        // then
        assertNotEquals(-1, up.awaitExit(STOP_SECONDS), up.errorText());
        Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> !broker.isAlive());
        assertFalse(up.errorText().contains("\tat "), up.errorText());
      }
    }
  }

  @Test
  void aKilledProcessLeavesNoBrokerAndItsSuccessorStarts() throws Exception {
    Path config = UpFile.write(directory);
    try (UpProcess first = UpProcess.start(config, directory.resolve("err1"))) {
      first.awaitAddresses();
      ProcessHandle broker = first.broker();

      first.kill();

      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !broker.isAlive());
    }
    try (UpProcess second = UpProcess.start(config, directory.resolve("err2"))) {
      second.awaitAddresses();
      second.interrupt();
      assertNotEquals(-1, second.awaitExit(STOP_SECONDS), second.errorText());
    }
  }

  @Test
  void interruptedWhileStartingEverythingStopsToo() throws Exception {
    Path config = UpFile.write(directory);
    try (UpProcess up = UpProcess.start(config, directory.resolve("err"))) {
      // given a broker that is just starting
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.exists(directory.resolve("state/broker/broker.log")));
      ProcessHandle broker = up.broker();

      // when
      up.interrupt();

      // then
      assertNotEquals(-1, up.awaitExit(STOP_SECONDS), up.errorText());
      Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !broker.isAlive());
      assertFalse(up.errorText().contains("tributary: "), up.errorText());
    }
  }

  @Test
  void aDirectoryInUseAndATakenPortEndWithTwoAndOneSentence() throws Exception {
    Path config = UpFile.write(directory);
    try (UpProcess first = UpProcess.start(config, directory.resolve("err1"))) {
      first.awaitAddresses();
      assertRefused(
          config, "state_dir: '" + directory.resolve("state") + "' cannot be used; it is in use");
    }
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path other = Files.createDirectory(directory.resolve("other"));
      String text =
          Files.readString(UpFile.write(other))
              .replace(
                  "serve: {http: {port: 0}}",
                  "serve: {http: {port: %d}}".formatted(taken.getLocalPort()));
      assertRefused(
          Files.writeString(other.resolve("taken.yaml"), text),
          String.valueOf(taken.getLocalPort()));
    }
  }

  private void assertRefused(Path config, String sentence) throws Exception {
    try (UpProcess second = UpProcess.start(config, directory.resolve("err2"))) {
      assertEquals(2, second.awaitExit(120), second.errorText());
      List<String> said =
          second.errorText().lines().filter(line -> line.startsWith("tributary: ")).toList();
      assertEquals(1, said.size(), second.errorText());
      assertTrue(said.getFirst().contains(sentence), second.errorText());
    }
  }

  private static int status(URI uri) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
