package dev.tributary.platform.store;

import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.foundation.error.RetriableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files and directories named by their content, in one directory that several processes may share.
 *
 * <pre>
 *   objects/ab/ab34…   one artefact: a file, or a directory, named by its SHA-256
 *   tmp/               artefacts being written or deleted; nothing here is ever named by anyone
 * </pre>
 *
 * <p>What {@link #put} has returned survives a power cut: bytes are written under a temporary name
 * and flushed, moved into place atomically, and the directories are flushed too. What {@link #open}
 * returns is what was put: the hash is computed again, and a mismatch raises {@link
 * CorruptArtifactException}. A full or failing disk raises {@link RetriableException} and leaves no
 * half-written artefact behind under its name.
 *
 * <p>Safe for use by many threads and processes at once.
 */
public final class ArtifactStore {

  private final Path directory;
  private final Path objects;
  private final Path temporary;
  private final Disk disk;

  /**
   * @param directory where the store lives; created when absent
   */
  public ArtifactStore(Path directory) {
    this(directory, Disk.REAL);
  }

  ArtifactStore(Path directory, Disk disk) {
    this.directory = directory;
    this.objects = directory.resolve("objects");
    this.temporary = directory.resolve("tmp");
    this.disk = disk;
    attempt("create", directory, () -> Files.createDirectories(objects));
    attempt("create", directory, () -> Files.createDirectories(temporary));
  }

  public Path directory() {
    return directory;
  }

  /** Stores bytes as a file and returns their SHA-256 in hex. */
  public String put(byte[] bytes) {
    String hash = ContentHash.of(bytes);
    if (!refresh(hash)) {
      attempt(
          "store",
          locate(hash),
          () -> {
            Path scratch = scratch().resolve("file");
            disk.write(scratch, bytes);
            disk.flush(scratch);
            return publish(scratch, hash);
          });
    }
    return hash;
  }

  /**
   * Stores a copy of a file, or of a directory with all files below it, and returns the SHA-256 in
   * hex: of the bytes, or of the directory's sorted manifest. Empty directories are not kept; links
   * are refused.
   */
  public String put(Path fileOrDirectory) {
    return attempt(
        "store",
        fileOrDirectory,
        () -> {
          Path scratch = scratch().resolve("copy");
          copy(fileOrDirectory, scratch);
          // Hashing the copy, not the original: the name is then right even if the original
          // changes.
          String hash = ContentHash.of(scratch);
          return refresh(hash) ? discard(scratch, hash) : publish(scratch, hash);
        });
  }

  /** The name that {@link #put(Path)} would give a file or directory, wherever it lies. */
  public static String hashOf(Path fileOrDirectory) {
    return attempt("read", fileOrDirectory, () -> ContentHash.of(fileOrDirectory));
  }

  /** Whether an artefact of this name is there; its bytes are not looked at. */
  public boolean contains(String hash) {
    return Files.exists(locate(hash), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Finds an artefact and verifies it.
   *
   * @return its path; read only, never write below it
   * @throws CorruptArtifactException if it is missing, or its bytes no longer have this hash
   */
  public Path open(String hash) {
    Path path = locate(hash);
    if (!contains(hash)) {
      throw new CorruptArtifactException(path, "missing; restore it from a backup of " + directory);
    }
    String found = attempt("read", path, () -> ContentHash.of(path));
    if (!found.equals(hash)) {
      throw new CorruptArtifactException(path, "its bytes have SHA-256 " + found);
    }
    return path;
  }

  /**
   * Deletes what nobody names: artefacts outside {@code referenced} and left-over temporary files,
   * both only if last put before {@code olderThan}. That grace must be longer than the time from a
   * put to the commit that names it, or bytes about to be named would go.
   *
   * @return names of the deleted artefacts, sorted
   */
  public List<String> sweep(Set<String> referenced, Instant olderThan) {
    List<Path> orphans =
        list(objects, 2).stream()
            .filter(path -> path.getParent().getParent().equals(objects))
            .filter(path -> !referenced.contains(path.getFileName().toString()))
            .filter(path -> lastPut(path).isBefore(olderThan))
            .sorted()
            .toList();
    for (Path orphan : orphans) {
      attempt(
          "delete",
          orphan,
          () -> {
            Path doomed = scratch().resolve("doomed");
            disk.publish(orphan, doomed);
            return discard(doomed, null);
          });
    }
    list(temporary, 1).stream()
        .filter(path -> lastPut(path).isBefore(olderThan))
        .forEach(
            path ->
                attempt(
                    "delete",
                    path,
                    () -> {
                      FileTrees.delete(path);
                      return path;
                    }));
    return orphans.stream().map(path -> path.getFileName().toString()).toList();
  }

  private Path locate(String hash) {
    return objects.resolve(ContentHash.check(hash).substring(0, 2)).resolve(hash);
  }

  /**
   * Restarts the grace period of an artefact that is there already, if it is intact; a damaged one
   * is moved aside, so that putting the right bytes again heals the store.
   */
  private boolean refresh(String hash) {
    Path path = locate(hash);
    if (!contains(hash)) {
      return false;
    }
    return attempt(
        "refresh",
        path,
        () -> {
          if (!ContentHash.of(path).equals(hash)) {
            Path damaged = scratch().resolve("damaged");
            disk.publish(path, damaged);
            discard(damaged, hash);
            return false;
          }
          Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
          return true;
        });
  }

  private String publish(Path scratch, String hash) throws IOException {
    Path target = locate(hash);
    Files.createDirectories(target.getParent());
    Files.setLastModifiedTime(scratch, FileTime.from(Instant.now()));
    try {
      disk.publish(scratch, target);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another process put the same content between our look and our move: its copy will do.
      return discard(scratch, hash);
    }
    disk.flush(target.getParent());
    disk.flush(objects);
    return discard(scratch, hash);
  }

  private void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      ContentHash.requireRegular(from);
      disk.write(to, Files.readAllBytes(from));
      disk.flush(to);
      return;
    }
    Files.createDirectories(to);
    for (Path file : ContentHash.files(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.getParent());
      disk.write(target, Files.readAllBytes(file));
      disk.flush(target);
    }
    for (Path path : list(to, Integer.MAX_VALUE)) {
      if (Files.isDirectory(path)) {
        disk.flush(path);
      }
    }
    disk.flush(to);
  }

  private Path scratch() throws IOException {
    return Files.createTempDirectory(temporary, "put");
  }

  private static String discard(Path scratch, String hash) throws IOException {
    FileTrees.delete(scratch.getParent());
    return hash;
  }

  private static List<Path> list(Path directory, int depth) {
    try (Stream<Path> walk = Files.walk(directory, depth)) {
      return walk.filter(path -> !path.equals(directory)).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new RetriableException(directory + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  private static Instant lastPut(Path path) {
    try {
      return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
    } catch (IOException e) {
      return Instant.MAX; // gone, or unreadable just now: not old
    }
  }

  private static <T> T attempt(String verb, Path path, FileOperation<T> operation) {
    try {
      return operation.run();
    } catch (IOException | UncheckedIOException e) {
      throw new RetriableException("%s: cannot %s: %s".formatted(path, verb, e), e);
    }
  }

  private interface FileOperation<T> {
    T run() throws IOException;
  }
}
