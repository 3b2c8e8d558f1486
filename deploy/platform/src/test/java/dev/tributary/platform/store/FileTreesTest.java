package dev.tributary.platform.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreesTest {

  @TempDir Path home;

  @Test
  void deletesADirectoryWithAllBelowIt() throws IOException {
    // given
    Path root = home.resolve("root");
    Files.createDirectories(root.resolve("empty"));
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/file"), "text");

    // when
    FileTrees.delete(root);

    // then
    assertFalse(Files.exists(root));
    assertTrue(Files.exists(home));
  }

  @Test
  void deletesAFile() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "text");
    FileTrees.delete(file);
    assertFalse(Files.exists(file));
  }

  @Test
  void whatIsNotThereIsNoError() {
    assertDoesNotThrow(() -> FileTrees.delete(home.resolve("absent")));
  }

  @Test
  void linksAreDeletedAndWhatTheyPointAtStays() throws IOException {
    // given
    Path kept = Files.createDirectories(home.resolve("kept"));
    Files.writeString(kept.resolve("file"), "text");
    Path root = Files.createDirectories(home.resolve("root"));
    Files.createSymbolicLink(root.resolve("link"), kept);
    Path link = Files.createSymbolicLink(home.resolve("link"), kept);

    // when
    FileTrees.delete(root);
    FileTrees.delete(link);

    // then
    assertFalse(Files.exists(root));
    assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    assertTrue(Files.exists(kept.resolve("file")));
  }
}
