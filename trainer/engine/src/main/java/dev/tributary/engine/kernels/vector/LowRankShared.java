package dev.tributary.engine.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * What a caller of a low-rank operation shares with its workers: the small matrix, packed, and the
 * gradients of blocks of rows before they are added up in order. Grows and stays.
 */
final class LowRankShared {

  /** Fewest rows of a block: gradients of blocks cost memory. */
  private static final int FEWEST_ROWS = 32;

  private static final int MOST_BLOCKS = 16;

  MemorySegment matrix = MemorySegment.NULL;
  MemorySegment gradients = MemorySegment.NULL;

  /** Blocks depend on the number of rows only, so that sums do not depend on threads. */
  static int blocks(int rows) {
    return Math.clamp((rows + FEWEST_ROWS - 1) / FEWEST_ROWS, 1, MOST_BLOCKS);
  }

  /** First row of a block, a multiple of what is worked on at a time. */
  static int firstRow(int rows, int blocks, int block) {
    int each = (rows + blocks - 1) / blocks;
    int whole = (each + LowRankScratch.ROWS - 1) / LowRankScratch.ROWS * LowRankScratch.ROWS;
    return Math.min(rows, block * whole);
  }

  void prepare(int size, int blocks) {
    matrix = Pack.atLeast(matrix, size);
    gradients = Pack.atLeast(gradients, (long) blocks * size);
  }
}
