package dev.tributary.platform.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactStoreTest {

  private static final byte[] WEIGHTS = "weights".getBytes(StandardCharsets.UTF_8);

  @TempDir Path home;
  private ArtifactStore store;

  @BeforeEach
  void createStore() {
    store = new ArtifactStore(home.resolve("artefacts"));
  }

  @Test
  void bytesAreNamedByTheirSha256AndComeBack() throws IOException {
    // given the empty array, whose SHA-256 everyone knows
    String hash = store.put(new byte[0]);

    // then
    assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", hash);
    assertArrayEquals(new byte[0], Files.readAllBytes(store.open(hash)));
  }

  @Test
  void fileAndEqualBytesAreOneArtefact() throws IOException {
    Path file = Files.write(home.resolve("a.bin"), WEIGHTS);
    assertEquals(store.put(WEIGHTS), store.put(file));
  }

  @Test
  void directoryIsNamedByItsContentAlone() throws IOException {
    // given two directories of equal content, written in another order at other times
    Path first = adapter("first", "adapter_config.json", "sub/adapter_model.safetensors");
    Path second = adapter("second", "sub/adapter_model.safetensors", "adapter_config.json");
    Files.setLastModifiedTime(second.resolve("adapter_config.json"), FileTime.from(Instant.EPOCH));

    // when
    String hash = store.put(first);

    // then
    assertEquals(hash, store.put(second));
    assertEquals(
        "sub/adapter_model.safetensors",
        Files.readString(store.open(hash).resolve("sub/adapter_model.safetensors")));
  }

  @Test
  void renamedFileMakesAnotherArtefact() throws IOException {
    Path renamed = adapter("renamed", "a", "b");
    Files.move(renamed.resolve("b"), renamed.resolve("c"));
    assertNotEquals(store.put(adapter("original", "a", "b")), store.put(renamed));
  }

  @Test
  void flippedBitIsFound() throws IOException {
    // given
    String hash = store.put(WEIGHTS);
    Path path = store.open(hash);
    byte[] flipped = WEIGHTS.clone();
    flipped[3] ^= 1;
    Files.write(path, flipped);

    // then
    assertTrue(
        assertThrows(CorruptArtifactException.class, () -> store.open(hash))
            .getMessage()
            .contains(hash));
  }

  @Test
  void extraFileInADirectoryIsFound() throws IOException {
    String hash = store.put(adapter("first", "adapter_config.json"));
    Files.writeString(store.open(hash).resolve("extra"), "unsigned");
    assertThrows(CorruptArtifactException.class, () -> store.open(hash));
  }

  @Test
  void puttingTheRightBytesAgainHealsADamagedArtefact() throws IOException {
    String hash = store.put(WEIGHTS);
    Files.write(store.open(hash), new byte[] {1});
    store.put(WEIGHTS);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(store.open(hash)));
  }

  @Test
  void missingArtefactIsNamed() {
    String hash = "0".repeat(64);
    assertTrue(
        assertThrows(CorruptArtifactException.class, () -> store.open(hash))
            .getMessage()
            .contains(hash));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../../etc/passwd", "ABCDEF", "0", "g"})
  void namesThatAreNoHashAreRefused(String name) {
    assertThrows(ConfigException.class, () -> store.open(name));
  }

  @Test
  void linksAreRefused() throws IOException {
    Path directory = adapter("first", "adapter_config.json");
    Files.createSymbolicLink(directory.resolve("link"), home.resolve("elsewhere"));
    assertThrows(ConfigException.class, () -> store.put(directory));
  }

  @Test
  void sweepDeletesOnlyWhatIsUnreferencedAndOld() throws IOException {
    // given three old artefacts, of which one is named, and a young one
    String named = store.put(new byte[] {1});
    String orphan = store.put(new byte[] {2});
    String orphanDirectory = store.put(adapter("first", "adapter_config.json"));
    Instant now = Instant.now();
    for (String hash : List.of(named, orphan, orphanDirectory)) {
      Files.setLastModifiedTime(store.open(hash), FileTime.from(now.minus(Duration.ofHours(2))));
    }
    String young = store.put(new byte[] {3});

    // when
    List<String> swept = store.sweep(Set.of(named), now.minus(Duration.ofHours(1)));

    // then
    assertEquals(Set.of(orphan, orphanDirectory), new HashSet<>(swept));
    assertTrue(store.contains(named) && store.contains(young));
    assertFalse(store.contains(orphan) || store.contains(orphanDirectory));
  }

  @Test
  void puttingAgainRestartsTheGracePeriod() throws IOException {
    String hash = store.put(WEIGHTS);
    Instant now = Instant.now();
    Files.setLastModifiedTime(store.open(hash), FileTime.from(now.minus(Duration.ofHours(2))));
    store.put(WEIGHTS);
    assertEquals(List.of(), store.sweep(Set.of(), now.minus(Duration.ofHours(1))));
  }

  @Test
  void sweepRemovesLeftOverTemporaryFiles() throws IOException {
    Path leftOver = Files.createDirectory(store.directory().resolve("tmp/put123"));
    Files.writeString(leftOver.resolve("file"), "cut");
    Files.setLastModifiedTime(leftOver, FileTime.from(Instant.EPOCH));
    store.sweep(Set.of(), Instant.now().minus(Duration.ofHours(1)));
    assertFalse(Files.exists(leftOver));
  }

  @Test
  void bytesAreFlushedBeforeTheyAreNamedAndTheNameAfterwards() {
    // given
    RecordingDisk disk = new RecordingDisk();
    ArtifactStore recorded = new ArtifactStore(home.resolve("recorded"), disk);

    // when
    recorded.put(WEIGHTS);

    // then
    assertEquals(List.of("write", "flush", "publish", "flush", "flush"), disk.operations);
  }

  @Test
  void everyFileOfADirectoryIsFlushedBeforeItIsNamed() throws IOException {
    RecordingDisk disk = new RecordingDisk();
    ArtifactStore recorded = new ArtifactStore(home.resolve("recorded"), disk);
    recorded.put(adapter("first", "a", "sub/b"));
    assertEquals(
        List.of("write", "flush", "write", "flush", "flush", "flush", "publish", "flush", "flush"),
        disk.operations);
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "flush", "publish"})
  void failingDiskIsRetriableAndLeavesNoNameBehind(String operation) throws IOException {
    // given
    RecordingDisk disk = new RecordingDisk();
    disk.failing = operation;
    ArtifactStore failing = new ArtifactStore(home.resolve("failing"), disk);

    // then
    assertThrows(RetriableException.class, () -> failing.put(WEIGHTS));
    try (Stream<Path> objects = Files.walk(home.resolve("failing/objects"))) {
      assertTrue(objects.noneMatch(Files::isRegularFile));
    }

    // and once the disk is well again, the same store goes on
    disk.failing = "";
    assertArrayEquals(WEIGHTS, Files.readAllBytes(failing.open(failing.put(WEIGHTS))));
  }

  private Path adapter(String name, String... files) throws IOException {
    Path directory = home.resolve(name);
    for (String file : files) {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), file);
    }
    return directory;
  }

  private static final class RecordingDisk implements Disk {
    private final List<String> operations = new ArrayList<>();
    private String failing = "";

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
      record("write");
      REAL.write(file, bytes);
    }

    @Override
    public void flush(Path fileOrDirectory) throws IOException {
      record("flush");
      REAL.flush(fileOrDirectory);
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
      record("publish");
      REAL.publish(from, to);
    }

    private void record(String operation) throws IOException {
      operations.add(operation);
      if (operation.equals(failing)) {
        throw new IOException("input/output error");
      }
    }
  }
}
