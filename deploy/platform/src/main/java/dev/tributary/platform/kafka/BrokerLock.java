package dev.tributary.platform.kafka;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Looks at the lock file Kafka keeps in its log directory, to say in one sentence what Kafka says
 * in a stack trace.
 */
final class BrokerLock {

  private BrokerLock() {}

  static void requireFree(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(".lock");
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new ConfigException(
            "broker directory %s is in use by another broker; stop that one or choose another directory"
                .formatted(dataDirectory.getParent()));
      }
    }
  }
}
