package dev.tributary.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much is logged to standard error: warnings only, unless a service runs or the user asks for
 * more.
 */
final class Logging {

  private Logging() {}

  static void set(boolean service, boolean verbose) {
    if (verbose) {
      level(Logger.ROOT_LOGGER_NAME, Level.INFO);
      level("org.apache.kafka.clients.NetworkClient", Level.INFO);
      level("org.apache.kafka.streams.processor.internals.StateDirectory", Level.INFO);
      level("dev.tributary", Level.DEBUG);
    } else if (service) {
      level("dev.tributary", Level.INFO);
    }
  }

  private static void level(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
