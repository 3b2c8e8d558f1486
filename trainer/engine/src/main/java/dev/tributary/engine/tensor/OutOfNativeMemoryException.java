package dev.tributary.engine.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory outside the Java heap that the system would not give. What was asked for was not done. */
public final class OutOfNativeMemoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final Path MEMORY_INFORMATION = Path.of("/proc/meminfo");

  /**
   * @param purpose what the memory was for, such as {@code packing a weight of [768, 50257]}
   * @param bytes how much was asked for, or 0 where only the library knows
   */
  public OutOfNativeMemoryException(String purpose, long bytes, Throwable cause) {
    super(
        ("not enough memory for %s: %s asked for, %s (%s); use a smaller batch or model, or a"
                + " machine with more memory")
            .formatted(
                purpose,
                bytes == 0 ? "an unknown amount" : mebibytes(bytes),
                available(),
                cause == null ? "as the library says" : cause.getMessage()),
        cause);
  }

  private static String available() {
    try {
      return Files.readAllLines(MEMORY_INFORMATION).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .map(bytes -> mebibytes(bytes) + " available")
          .findFirst()
          .orElse("an unknown amount available");
    } catch (IOException e) {
      return "an unknown amount available";
    }
  }

  private static String mebibytes(long bytes) {
    return "%.1f MiB".formatted(bytes / (double) (1 << 20));
  }
}
