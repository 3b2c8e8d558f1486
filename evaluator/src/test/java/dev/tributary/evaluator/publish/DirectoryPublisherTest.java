package dev.tributary.evaluator.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryPublisherTest extends PublisherContract {

  @Override
  Publisher open() {
    return new DirectoryPublisher(root());
  }

  private Path root() {
    return temporary.resolve("published");
  }

  @Test
  void aVersionIsACopyUnderItsName() throws IOException {
    try (Publisher publisher = open()) {
      String path = publisher.publish(ADAPTER, 17, adapter("weights"));

      assertEquals(root().resolve("acme.support@v17").toString(), path);
      assertEquals("weights", Files.readString(Path.of(path, "adapter_model.safetensors")));
    }
  }

  @Test
  void theAliasIsAFileOfOneLine() throws IOException {
    try (Publisher publisher = open()) {
      publisher.publish(ADAPTER, 3, adapter("weights"));
      publisher.activate(ADAPTER, 3);
    }

    assertEquals(
        List.of("acme.support@v3"), Files.readAllLines(root().resolve("aliases/acme.support")));
  }

  @Test
  void whatWasHalfWrittenIsSweptAndNeverSeen() throws IOException {
    // given a copy that a crash cut short
    Path half = root().resolve(".writing/acme.support@v1");
    Files.createDirectories(half);
    Files.writeString(half.resolve("adapter_config.json"), "{");

    try (Publisher publisher = open()) {
      assertFalse(Files.exists(half));
      assertFalse(Files.exists(root().resolve("acme.support@v1")));
      publisher.publish(ADAPTER, 1, adapter("weights"));
    }

    try (Stream<Path> left = Files.list(root().resolve(".writing"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void aMissingSourceLeavesNothingBehind() {
    try (Publisher publisher = open()) {
      assertThrows(
          RetriableException.class,
          () -> publisher.publish(ADAPTER, 1, temporary.resolve("nowhere")));
    }

    assertFalse(Files.exists(root().resolve("acme.support@v1")));
  }

  @Test
  void aPlaceThatIsNoDirectoryIsNamed() throws IOException {
    Path file = temporary.resolve("file");
    Files.writeString(file, "not a directory");

    RetriableException refused =
        assertThrows(RetriableException.class, () -> new DirectoryPublisher(file));

    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
  }
}
