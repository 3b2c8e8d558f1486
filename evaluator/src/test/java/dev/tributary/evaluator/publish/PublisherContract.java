package dev.tributary.evaluator.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Publisher} promises. An implementation's test extends it. */
abstract class PublisherContract {

  static final AdapterId ADAPTER = AdapterId.parse("acme/support");
  static final AdapterId NEIGHBOUR = AdapterId.parse("acme/sales");

  @TempDir Path temporary;
  private Publisher publisher;

  /** A publisher on the same place each time it is called within one test. */
  abstract Publisher open();

  @BeforeEach
  void openPublisher() {
    publisher = open();
  }

  @AfterEach
  void closePublisher() {
    publisher.close();
  }

  @Test
  void hasAName() {
    assertNotEquals("", publisher.name());
  }

  @Test
  void theAliasMeansWhatWasActivated() {
    publisher.publish(ADAPTER, 1, adapter("one"));
    publisher.publish(ADAPTER, 2, adapter("two"));
    assertEquals(Optional.empty(), publisher.active(ADAPTER));

    publisher.activate(ADAPTER, 1);
    assertEquals(Optional.of("acme.support@v1"), publisher.active(ADAPTER));

    publisher.activate(ADAPTER, 2);
    assertEquals(Optional.of("acme.support@v2"), publisher.active(ADAPTER));

    publisher.activate(ADAPTER, 1);
    assertEquals(Optional.of("acme.support@v1"), publisher.active(ADAPTER));
  }

  @Test
  void everyStepMayBeRepeated() {
    String path = publisher.publish(ADAPTER, 1, adapter("one"));
    assertEquals(path, publisher.publish(ADAPTER, 1, adapter("one")));

    publisher.activate(ADAPTER, 1);
    publisher.activate(ADAPTER, 1);
    assertEquals(Optional.of("acme.support@v1"), publisher.active(ADAPTER));

    publisher.deactivate(ADAPTER);
    publisher.deactivate(ADAPTER);
    assertEquals(Optional.empty(), publisher.active(ADAPTER));
  }

  @Test
  void aNameKeepsItsContent() {
    publisher.publish(ADAPTER, 1, adapter("one"));

    assertThrows(
        CorruptArtifactException.class, () -> publisher.publish(ADAPTER, 1, adapter("other")));
  }

  @Test
  void theAliasNeverNamesWhatIsNotPublished() {
    publisher.publish(ADAPTER, 1, adapter("one"));
    publisher.activate(ADAPTER, 1);

    assertThrows(CorruptArtifactException.class, () -> publisher.activate(ADAPTER, 2));
    assertEquals(Optional.of("acme.support@v1"), publisher.active(ADAPTER));
  }

  @Test
  void adaptersDoNotMeet() {
    publisher.publish(ADAPTER, 1, adapter("one"));
    publisher.publish(NEIGHBOUR, 1, adapter("other"));
    publisher.activate(ADAPTER, 1);

    assertEquals(Optional.empty(), publisher.active(NEIGHBOUR));
    publisher.activate(NEIGHBOUR, 1);
    publisher.deactivate(ADAPTER);
    assertEquals(Optional.of("acme.sales@v1"), publisher.active(NEIGHBOUR));
  }

  @Test
  void aNewInstanceGoesOnWhereTheOldOneStopped() {
    publisher.publish(ADAPTER, 1, adapter("one"));
    publisher.activate(ADAPTER, 1);
    publisher.close();

    publisher = open();

    assertEquals(Optional.of("acme.support@v1"), publisher.active(ADAPTER));
    publisher.publish(ADAPTER, 1, adapter("one"));
  }

  /** A directory as the artefact store holds it. */
  Path adapter(String content) {
    try {
      Path directory = Files.createTempDirectory(temporary, "adapter");
      Files.writeString(directory.resolve("adapter_config.json"), "{}");
      Files.writeString(directory.resolve("adapter_model.safetensors"), content);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
