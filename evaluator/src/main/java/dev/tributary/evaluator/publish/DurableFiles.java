package dev.tributary.evaluator.publish;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Files that are on the disk before anyone can see them under their name. */
final class DurableFiles {

  private DurableFiles() {}

  /** Copies a directory with all below it and flushes every file and directory of the copy. */
  static void copy(Path from, Path to) throws IOException {
    for (Path path : walk(from)) {
      Path target = to.resolve(from.relativize(path).toString());
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(target);
      } else {
        Files.copy(path, target, LinkOption.NOFOLLOW_LINKS);
        flush(target, StandardOpenOption.WRITE);
      }
    }
    for (Path path : walk(to).reversed()) {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        flush(path, StandardOpenOption.READ);
      }
    }
  }

  /** Whether two directories hold the same files with the same bytes. */
  static boolean same(Path one, Path other) throws IOException {
    List<Path> files = walk(one);
    if (!relative(one, files).equals(relative(other, walk(other)))) {
      return false;
    }
    for (Path file : files) {
      Path twin = other.resolve(one.relativize(file).toString());
      boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
      if (isFile != Files.isRegularFile(twin, LinkOption.NOFOLLOW_LINKS)
          || (isFile && Files.mismatch(file, twin) >= 0)) {
        return false;
      }
    }
    return true;
  }

  /** Gives finished bytes their name, all or nothing, and flushes the directory that holds it. */
  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    flush(to.getParent(), StandardOpenOption.READ);
  }

  static void flush(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  private static List<Path> walk(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.sorted().toList();
    }
  }

  private static List<String> relative(Path root, List<Path> paths) {
    return paths.stream().map(path -> root.relativize(path).toString()).toList();
  }
}
