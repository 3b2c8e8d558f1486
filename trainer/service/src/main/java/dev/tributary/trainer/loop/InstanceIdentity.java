package dev.tributary.trainer.loop;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who this trainer is across restarts: a random id kept in its state directory. It is the
 * consumer's static membership and part of the producer's transactional id, so a restarted trainer
 * takes over from its dead self at once, without waiting for a session to expire.
 */
final class InstanceIdentity {

  private static final String FILE = "instance-id";

  private InstanceIdentity() {}

  /**
   * Reads the id, or makes one the first time.
   *
   * @param stateDirectory locked by this process
   */
  static String of(Path stateDirectory) {
    Path file = stateDirectory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, UUID.randomUUID().toString());
      }
      return UUID.fromString(Files.readString(file).strip()).toString();
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "%s: cannot be read as an id (%s); delete it, and a new one is made"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
