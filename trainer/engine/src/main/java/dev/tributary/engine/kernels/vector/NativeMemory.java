package dev.tributary.engine.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Native memory by its address, for inner loops. A segment asks at each access whether it is alive,
 * whose thread's it is and where it ends; in a loop whose strides the compiler does not know, none
 * of that is hoisted, and it costs two to three times what a tile's arithmetic does. So a tile asks
 * once, with {@link #address}, and then reads and writes {@link #ALL}.
 */
final class NativeMemory {

  /** Everything there is; offsets in it are addresses, and nothing checks them. */
  @SuppressWarnings("restricted")
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private NativeMemory() {}

  /**
   * The address of the first of some floats that a loop is about to touch. The caller keeps the
   * segment reachable until it is done.
   *
   * @param first index of it, in floats
   * @param count floats from there to behind the last that is touched
   * @throws IndexOutOfBoundsException if they are not all in the segment
   */
  static long address(MemorySegment segment, long first, long count) {
    Objects.checkFromIndexSize(4 * first, 4 * count, segment.byteSize());
    return segment.address() + 4 * first;
  }
}
