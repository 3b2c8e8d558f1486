package dev.tributary.foundation.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir Path directory;

  @Test
  void replacesTheFile() throws IOException {
    Path file = Files.writeString(directory.resolve("a.json"), "old");
    WholeFile.write(file, path -> Files.writeString(path, "new"));
    assertEquals("new", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  @Test
  void keepsTheOldOneWhenWritingFailsHalfway() throws IOException {
    Path file = Files.writeString(directory.resolve("a.json"), "old");
    assertThrows(
        IOException.class,
        () ->
            WholeFile.write(
                file,
                path -> {
                  Files.writeString(path, "ne");
                  throw new IOException("No space left on device");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), files());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
