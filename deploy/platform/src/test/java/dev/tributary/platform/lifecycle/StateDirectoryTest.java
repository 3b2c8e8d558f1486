package dev.tributary.platform.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

  @TempDir Path temporary;

  @Test
  void createsAndLocks() {
    Path path = temporary.resolve("a/b");

    try (StateDirectory held = StateDirectory.lock(path)) {
      assertEquals(path, held.path());
      assertTrue(Files.isDirectory(path));
      ConfigException error = assertThrows(ConfigException.class, () -> StateDirectory.lock(path));
      assertEquals(
          "state_dir: '%s' cannot be used; it is in use by another process; stop that one or choose another directory"
              .formatted(path),
          error.getMessage());
    }
    StateDirectory.lock(path).close();
  }

  @Test
  void refusesADirectoryAnotherProcessHolds() throws Exception {
    // Given another process that holds the lock
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                temporary.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals(
          "locked",
          new String(
              other.getInputStream().readNBytes(6), java.nio.charset.StandardCharsets.US_ASCII));

      // Then this one is refused
      assertThrows(ConfigException.class, () -> StateDirectory.lock(temporary));
    } finally {
      other.destroyForcibly();
      assertTrue(other.waitFor(5, TimeUnit.SECONDS));
    }

    // And once the other was killed, nothing of its lock is left
    StateDirectory.lock(temporary).close();
  }

  @Test
  void refusesAFile() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));

    ConfigException error = assertThrows(ConfigException.class, () -> StateDirectory.lock(file));

    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
  }

  /** Holds a lock until it is killed. */
  static final class LockHolder {

    private LockHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
      try (StateDirectory held = StateDirectory.lock(Path.of(arguments[0]))) {
        System.out.print("locked");
        System.out.flush();
        Thread.sleep(60_000);
        System.out.print(held.path());
      }
    }
  }
}
