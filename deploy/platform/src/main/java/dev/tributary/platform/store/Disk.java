package dev.tributary.platform.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The three operations whose order decides what survives a power cut. A seam, so that tests can
 * fail a flush and check the order.
 */
interface Disk {

  Disk REAL =
      new Disk() {
        @Override
        public void write(Path file, byte[] bytes) throws IOException {
          Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void flush(Path fileOrDirectory) throws IOException {
          StandardOpenOption mode =
              Files.isDirectory(fileOrDirectory)
                  ? StandardOpenOption.READ
                  : StandardOpenOption.WRITE;
          try (FileChannel channel = FileChannel.open(fileOrDirectory, mode)) {
            channel.force(true);
          }
        }

        @Override
        public void publish(Path from, Path to) throws IOException {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }
      };

  /** Writes a new file; its bytes may still be in the operating system's memory. */
  void write(Path file, byte[] bytes) throws IOException;

  /** Returns once the file's bytes, or the directory's entries, are on the device (fsync). */
  void flush(Path fileOrDirectory) throws IOException;

  /** Gives finished bytes their name, all or nothing. */
  void publish(Path from, Path to) throws IOException;
}
