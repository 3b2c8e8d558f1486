package dev.tributary.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most memory this process ever had resident. */
final class PeakMemory {

  private static final String HIGH_WATER_MARK = "VmHWM:";

  private PeakMemory() {}

  /** In bytes, as Linux counts it: mapped files included. */
  static long bytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith(HIGH_WATER_MARK))
          .map(line -> line.substring(HIGH_WATER_MARK.length()).strip().split(" ")[0])
          .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no VmHWM in /proc/self/status"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
