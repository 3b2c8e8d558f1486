package dev.tributary.evaluator.publish;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.store.FileTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Publishes into a directory that servers read: the built-in one, and others that resolve adapters
 * by directory name.
 *
 * <pre>
 *   acme.support@v17/          adapter_config.json, adapter_model.safetensors; never changed
 *   aliases/acme.support       one line: acme.support@v17
 *   .writing/                  what is not finished; emptied at start
 * </pre>
 *
 * <p>A version is copied under a temporary name, flushed, and moved into place in one step; the
 * alias file is replaced in the same way.
 */
public final class DirectoryPublisher implements Publisher {

  private final Path directory;
  private final Path aliases;
  private final Path writing;

  /**
   * @param directory created where needed; one evaluator writes to it
   * @throws RetriableException if it cannot be written
   */
  public DirectoryPublisher(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
    this.aliases = this.directory.resolve("aliases");
    this.writing = this.directory.resolve(".writing");
    attempt(
        () -> {
          FileTrees.delete(writing);
          Files.createDirectories(writing);
          return Files.createDirectories(aliases);
        });
  }

  @Override
  public String name() {
    return "directory";
  }

  @Override
  public String publish(AdapterId adapter, int version, Path source) {
    Path target = directory.resolve(adapter.versionName(version));
    return attempt(
        () -> {
          if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            Path copy = writing.resolve(adapter.versionName(version));
            FileTrees.delete(copy); // left by a copy that failed
            DurableFiles.copy(source, copy);
            DurableFiles.move(copy, target);
          } else if (!DurableFiles.same(source, target)) {
            throw new CorruptArtifactException(
                target, "holds other content than the version of this name; move it away");
          }
          return target.toString();
        });
  }

  @Override
  public void activate(AdapterId adapter, int version) {
    String name = adapter.versionName(version);
    if (!Files.isDirectory(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      throw new CorruptArtifactException(directory.resolve(name), "is not published");
    }
    attempt(
        () -> {
          Path line = writing.resolve(adapter.dotted());
          Files.writeString(line, name + "\n", StandardCharsets.UTF_8);
          DurableFiles.flush(line, StandardOpenOption.WRITE);
          DurableFiles.move(line, alias(adapter));
          return name;
        });
  }

  @Override
  public void deactivate(AdapterId adapter) {
    attempt(
        () -> {
          boolean was = Files.deleteIfExists(alias(adapter));
          DurableFiles.flush(aliases, StandardOpenOption.READ);
          return was;
        });
  }

  @Override
  public Optional<String> active(AdapterId adapter) {
    return attempt(
        () -> {
          try {
            return Optional.of(Files.readString(alias(adapter), StandardCharsets.UTF_8).strip());
          } catch (NoSuchFileException e) {
            return Optional.empty();
          }
        });
  }

  private Path alias(AdapterId adapter) {
    return aliases.resolve(adapter.dotted());
  }

  /** Holds nothing open. */
  @Override
  public void close() {}

  private <T> T attempt(FileOperation<T> operation) {
    try {
      return operation.run();
    } catch (IOException | UncheckedIOException e) {
      throw new RetriableException("published_dir " + directory + " cannot be used now: " + e, e);
    }
  }

  private interface FileOperation<T> {
    T run() throws IOException;
  }
}
