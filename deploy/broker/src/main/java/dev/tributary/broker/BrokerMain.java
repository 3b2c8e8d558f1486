package dev.tributary.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * Runs one Kafka node (KRaft, broker and controller combined) as a child process.
 *
 * <p>The only argument is a properties file. Its {@code log.dirs} is formatted on first use. When
 * the node accepts clients, one line starting with {@code READY} goes to standard output. The
 * process ends when standard input reaches its end, so it stops when its parent asks it to, and
 * also when the parent dies in any way.
 */
public final class BrokerMain {

  /** How long an orderly shutdown may take before the process ends without one. */
  private static final long SHUTDOWN_MILLIS = 3_500;

  private BrokerMain() {}

  /** Starts the node and returns once it accepts clients; its threads keep the process alive. */
  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      System.err.println("usage: BrokerMain <server.properties>");
      System.exit(2);
    }
    // Watched from the first moment, so that a parent that dies during start-up leaves no orphan
    // either.
    Thread.ofPlatform().daemon().name("parent-watch").start(BrokerMain::exitAtEndOfInput);

    try {
      start(read(Path.of(arguments[0])));
    } catch (Exception e) {
      // The parent quotes the reason; other threads of a half-started node must not keep it alive.
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void start(Properties properties) throws Exception {
    StorageFormat.formatIfNeeded(properties);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.shutdown();
                  server.awaitShutdown();
                },
                "broker-shutdown"));
    server.startup();
    System.out.println("READY pid=" + ProcessHandle.current().pid());
    System.out.flush();
  }

  private static void exitAtEndOfInput() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException closed) {
      // The same as the end of input: nobody is there any more.
    }
    Thread.ofPlatform().daemon().name("shutdown-limit").start(BrokerMain::haltAfterLimit);
    System.exit(0);
  }

  private static void haltAfterLimit() {
    try {
      TimeUnit.MILLISECONDS.sleep(SHUTDOWN_MILLIS);
    } catch (InterruptedException ignored) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static Properties read(Path file) {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the broker's settings from " + file, e);
    }
    return properties;
  }
}
