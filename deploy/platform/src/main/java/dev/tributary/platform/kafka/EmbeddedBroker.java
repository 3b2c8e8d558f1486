package dev.tributary.platform.kafka;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A real Kafka node (KRaft) in a child JVM: own class path, own heap, and its fatal exits end only
 * itself.
 *
 * <p>The child stops when its standard input ends, so it never outlives this process. It ignores
 * Ctrl-C, which a terminal sends to every process in the foreground: this process decides when the
 * broker stops, after its clients have.
 *
 * <p>Closing and killing may be called from any thread.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final int PORT_ATTEMPTS = 3;

  private final BrokerOptions options;
  private final Process process;

  private EmbeddedBroker(BrokerOptions options, Process process) {
    this.options = options;
    this.process = process;
  }

  /**
   * Starts a broker and returns when clients can use it. A directory used before is started again
   * with its data.
   *
   * @throws ConfigException if the wanted port is taken or another broker uses the directory
   * @throws RetriableException if the child dies or is not usable in time; the message ends with
   *     its last log lines
   */
  public static EmbeddedBroker start(BrokerOptions wanted) {
    for (int attempt = 1; ; attempt++) {
      BrokerOptions options =
          wanted.withPorts(
              Ports.require("broker port", wanted.port()),
              Ports.require("broker controller port", wanted.controllerPort()));
      EmbeddedBroker broker = launch(options);
      try {
        new BrokerStartup(broker).await();
        return broker;
      } catch (RuntimeException e) {
        broker.close();
        boolean lostPort = Ports.isTaken(options.port()) || Ports.isTaken(options.controllerPort());
        // A free port may be taken between looking and binding; then another one is as good.
        if (!(lostPort && wanted.port() == 0 && attempt < PORT_ATTEMPTS)) {
          throw e;
        }
      }
    }
  }

  private static EmbeddedBroker launch(BrokerOptions options) {
    Path settings = options.directory().resolve("server.properties");
    try {
      Files.createDirectories(dataDirectory(options));
      BrokerLock.requireFree(dataDirectory(options));
      Properties properties = BrokerProperties.of(options);
      try (Writer out = Files.newBufferedWriter(settings)) {
        properties.store(out, "Written at every start; change it through the broker's options");
      }
      return new EmbeddedBroker(options, BrokerProcess.start(options, settings));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "broker directory " + options.directory() + " cannot be used: " + e.getMessage(), e);
    }
  }

  static Path dataDirectory(BrokerOptions options) {
    return options.directory().resolve("data");
  }

  /** What clients put into {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + options.port();
  }

  /**
   * The options in force, ports included: starting with them again restarts this broker in the same
   * place.
   */
  public BrokerOptions options() {
    return options;
  }

  /** Where the broker writes its log. */
  public Path logFile() {
    return BrokerProcess.logFile(options);
  }

  /** Completes when the broker ends, for whatever reason. */
  public CompletableFuture<?> onExit() {
    return process.onExit();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /**
   * Ends the broker at once (SIGKILL), as a power cut of its machine would, and waits until it is
   * gone.
   */
  public void kill() {
    process.destroyForcibly();
    waitFor(Duration.ofSeconds(5));
  }

  /** Stops the broker in order, within five seconds; one that does not obey is killed. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException alreadyGone) {
      // A broken pipe means that there is nobody left to tell.
    }
    if (!waitFor(Duration.ofSeconds(4))) {
      process.destroyForcibly();
      waitFor(Duration.ofSeconds(1));
    }
  }

  Process process() {
    return process;
  }

  private boolean waitFor(Duration limit) {
    boolean interrupted = false;
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        try {
          return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted =
              true; // Stopping the child comes first; the caller still learns of the interrupt.
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
