package dev.tributary.platform.kafka;

import dev.tributary.foundation.error.RetriableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Waits until a freshly launched broker accepts clients, or says why it will not. */
final class BrokerStartup {

  private static final int QUOTED_LINES = 8;

  private final EmbeddedBroker broker;

  BrokerStartup(EmbeddedBroker broker) {
    this.broker = broker;
  }

  void await() {
    long end = System.nanoTime() + broker.options().startTimeout().toNanos();
    awaitReadyLine(end);
    awaitNode(end);
  }

  private void awaitReadyLine(long end) {
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("broker-output")
        .start(() -> ready.complete(readUntilReady()));
    try {
      if (!ready.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        throw failed("ended while starting", null);
      }
    } catch (TimeoutException e) {
      throw failed("did not start within " + text(broker.options().startTimeout()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("start was interrupted", e);
    } catch (ExecutionException e) {
      throw failed("could not be read", e.getCause());
    }
  }

  private boolean readUntilReady() {
    try {
      BufferedReader output = broker.process().inputReader(StandardCharsets.UTF_8);
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("READY")) {
          return true;
        }
      }
    } catch (IOException e) {
      // Reads like an ended child, which is what a broken pipe is.
    }
    return false;
  }

  /**
   * The line says that the node runs; clients may use it once its registration shows in the
   * metadata.
   */
  private void awaitNode(long end) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "reconnect.backoff.ms", "20",
            "reconnect.backoff.max.ms", "100");
    try (Admin admin = Admin.create(settings)) {
      while (true) {
        if (!broker.isAlive()) {
          throw failed("ended while starting", null);
        }
        if (System.nanoTime() > end) {
          throw failed("was not usable within " + text(broker.options().startTimeout()), null);
        }
        if (hasNode(admin)) {
          return;
        }
      }
    }
  }

  private static boolean hasNode(Admin admin) {
    try {
      return !admin.describeCluster().nodes().get(1, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("waiting for the broker was interrupted", e);
    }
  }

  private RetriableException failed(String what, Throwable cause) {
    return new RetriableException(
        "the broker in %s %s; its last lines:%n%s"
            .formatted(broker.options().directory(), what, lastLines()),
        cause);
  }

  private String lastLines() {
    List<String> errors = tail(BrokerProcess.errorFile(broker.options()));
    List<String> lines = errors.isEmpty() ? tail(BrokerProcess.logFile(broker.options())) : errors;
    return lines.isEmpty()
        ? "  (it wrote none)"
        : "  " + String.join(System.lineSeparator() + "  ", lines);
  }

  private static List<String> tail(Path file) {
    try {
      // Stack frames would crowd out the reason, which stands before them.
      List<String> lines =
          Files.readAllLines(file, StandardCharsets.UTF_8).stream()
              .filter(line -> !line.startsWith("\tat ") && !line.isBlank())
              .toList();
      return lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String text(Duration duration) {
    return duration.toSeconds() + " s";
  }
}
