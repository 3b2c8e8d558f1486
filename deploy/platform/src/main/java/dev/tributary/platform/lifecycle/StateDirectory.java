package dev.tributary.platform.lifecycle;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A directory only one process may use at a time. The lock is the operating system's, on a file
 * named {@code .lock} inside: it goes away with the process, however that dies, so no stale lock
 * ever has to be removed by hand.
 */
public final class StateDirectory implements AutoCloseable {

  private static final String LOCK_FILE = ".lock";

  private final Path path;
  private final FileChannel channel;

  private StateDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates the directory where needed and locks it.
   *
   * @throws ConfigException when the path cannot be used, or another process (or another service in
   *     this one) holds it
   */
  public static StateDirectory lock(Path path) {
    FileChannel channel = open(path);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new StateDirectory(path, channel);
      }
    } catch (OverlappingFileLockException held) {
      // Held by another service of this process: the same mistake, the same answer.
    } catch (IOException e) {
      close(channel);
      throw unusable(path, e);
    }
    close(channel);
    throw ConfigException.of(
        "state_dir",
        path,
        "it is in use by another process; stop that one or choose another directory");
  }

  private static FileChannel open(Path path) {
    try {
      Files.createDirectories(path);
      return FileChannel.open(
          path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static ConfigException unusable(Path path, IOException cause) {
    return new ConfigException(
        "state_dir: '%s' cannot be used (%s); name a directory this user may write"
            .formatted(path, cause),
        cause);
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written through this channel, so a failing close loses nothing.
    }
  }

  /** The locked directory; it exists. */
  public Path path() {
    return path;
  }

  /** Gives the directory free. The lock file stays; only the lock on it counts. */
  @Override
  public void close() {
    close(channel);
  }
}
