package dev.tributary.engine.tensor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/** Takes memory outside the Java heap, and says what is missing if there is not enough. */
final class NativeMemory {

  /** Requests beyond are held against what the machine has at all: 64 MiB. */
  private static final long LARGE = 64L << 20;

  /** From so many bytes on, pages that are never written take no room: 1 MiB. */
  private static final long MANY_PAGES = 1L << 20;

  private NativeMemory() {}

  /**
   * Zeroed memory, aligned for the kernels.
   *
   * @param purpose what it is for
   * @throws OutOfNativeMemoryException if there is not so much. Systems that promise more than they
   *     have would rather kill the process; so what is more than all memory and swap of the
   *     machine, or of the container, is not even asked for
   */
  static MemorySegment allocate(Arena arena, long bytes, String purpose) {
    if (bytes > LARGE && bytes > most()) {
      throw new OutOfNativeMemoryException(
          purpose, bytes, new OutOfMemoryError("more than the machine has at all"));
    }
    try {
      return bytes < MANY_PAGES
          ? arena.allocate(bytes, TensorArena.ALIGNMENT)
          : ZeroPages.allocate(arena, bytes, TensorArena.ALIGNMENT);
    } catch (OutOfMemoryError e) {
      throw new OutOfNativeMemoryException(purpose, bytes, e);
    }
  }

  private static long most() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize() + system.getTotalSwapSpaceSize()
        : Long.MAX_VALUE;
  }
}
