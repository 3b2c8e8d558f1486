package dev.tributary.platform.kafka;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds and checks TCP ports on the loopback address. */
final class Ports {

  private Ports() {}

  /** Picks a free port for 0 and checks that any other is free. */
  static int require(String field, int port) {
    if (port == 0) {
      return free();
    }
    if (isTaken(port)) {
      throw new ConfigException(
          "%s: %d on 127.0.0.1 is taken by another process; stop that one or choose another port"
              .formatted(field, port));
    }
    return port;
  }

  static boolean isTaken(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      // As servers do: connections of a former owner that linger in TIME_WAIT do not count.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static int free() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on 127.0.0.1", e);
    }
  }
}
