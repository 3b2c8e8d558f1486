package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;

/**
 * One thread's blocks of native memory for what an element-wise operation needs between two passes,
 * and for the end of a row that does not fill a vector.
 */
final class ElementScratch {

  /** Elements of a block; a multiple of every vector length. */
  static final int BLOCK = 1024;

  final MemorySegment first = block();
  final MemorySegment second = block();
  final MemorySegment third = block();

  final MemorySegment factors = block();

  private static MemorySegment block() {
    return TensorArena.shared().vector(BLOCK).memory();
  }
}
