package dev.tributary.platform.kafka;

import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How to run an {@link EmbeddedBroker}.
 *
 * @param directory where the broker keeps its data, settings and log; created when missing
 * @param port where clients connect on 127.0.0.1, or 0 to pick a free one
 * @param controllerPort the node's second listener, or 0 to pick a free one
 * @param classPath the child's class path; it must hold {@code dev.tributary.broker.BrokerMain}
 * @param heap the child's maximum heap in the notation of {@code -Xmx}, such as {@code 256m}
 * @param overrides broker settings that replace or join the ones {@link BrokerProperties} chooses
 * @param startTimeout how long the broker may take until clients can use it
 */
public record BrokerOptions(
    Path directory,
    int port,
    int controllerPort,
    String classPath,
    String heap,
    Map<String, String> overrides,
    Duration startTimeout) {

  /**
   * After a broker was killed, its successor waits for the old registration to lapse: 5.5 s with
   * this, 12.6 s by default.
   */
  private static final Map<String, String> QUICK_RESTART =
      Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500");

  public BrokerOptions {
    requirePort("port", port);
    requirePort("controller port", controllerPort);
    if (!heap.matches("\\d{1,6}[mMgG]")) {
      throw ConfigException.of("broker heap", heap, "write a number and m or g, such as 256m");
    }
    directory = directory.toAbsolutePath().normalize();
    overrides = Map.copyOf(overrides);
  }

  /** A broker on free ports whose class path is this process's own. */
  public static BrokerOptions in(Path directory) {
    return new BrokerOptions(
        directory,
        0,
        0,
        System.getProperty("java.class.path"),
        "256m",
        QUICK_RESTART,
        Duration.ofSeconds(60));
  }

  public BrokerOptions withPort(int newPort) {
    return withPorts(newPort, controllerPort);
  }

  public BrokerOptions withPorts(int newPort, int newControllerPort) {
    return new BrokerOptions(
        directory, newPort, newControllerPort, classPath, heap, overrides, startTimeout);
  }

  public BrokerOptions withClassPath(String newClassPath) {
    return new BrokerOptions(
        directory, port, controllerPort, newClassPath, heap, overrides, startTimeout);
  }

  public BrokerOptions withHeap(String newHeap) {
    return new BrokerOptions(
        directory, port, controllerPort, classPath, newHeap, overrides, startTimeout);
  }

  /** The same with one more broker setting. */
  public BrokerOptions with(String key, String value) {
    Map<String, String> more = new HashMap<>(overrides);
    more.put(key, value);
    return new BrokerOptions(directory, port, controllerPort, classPath, heap, more, startTimeout);
  }

  private static void requirePort(String field, int port) {
    if (port < 0 || port > 65_535) {
      throw ConfigException.of("broker " + field, port, "use 1 to 65535, or 0 for a free one");
    }
  }
}
