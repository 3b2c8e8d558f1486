package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.tensor.OutOfNativeMemoryException;
import dev.tributary.engine.tensor.TensorArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory to work in, which grows to what was needed most and then stays. Its content is
 * undefined after each request. For one thread at a time.
 */
final class ScratchMemory {

  /** Room to spare, in eighths, so that slowly growing needs do not allocate each time. */
  private static final int SPARE = 8;

  private Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;

  /**
   * At least so many bytes, 64-byte aligned; what was given before is invalid.
   *
   * @throws OutOfNativeMemoryException if the system does not have them
   */
  MemorySegment ofBytes(long bytes) {
    if (memory.byteSize() < bytes) {
      grow(bytes + bytes / SPARE);
    }
    return memory;
  }

  /** Gives the memory back; what was given before is invalid. */
  void free() {
    arena.close();
    memory = MemorySegment.NULL;
    arena = Arena.ofShared();
  }

  private void grow(long bytes) {
    free();
    try {
      memory = arena.allocate(bytes, TensorArena.ALIGNMENT);
    } catch (OutOfMemoryError e) {
      throw new OutOfNativeMemoryException("the working memory of a matrix product", bytes, e);
    }
  }
}
