package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** One thread's working memory for a few rows of a low-rank addition. Grows and stays. */
final class LowRankScratch {

  /** Rows worked on at a time; a multiple of a tile's. */
  static final int ROWS = 8;

  MemorySegment factor = MemorySegment.NULL;
  MemorySegment rows = MemorySegment.NULL;
  MemorySegment hidden = MemorySegment.NULL;
  MemorySegment product = MemorySegment.NULL;
  final MemorySegment partial = Pack.atLeast(MemorySegment.NULL, 8L * Lanes.COUNT);

  void prepare(int paddedWidth, int paddedRank) {
    factor = Pack.atLeast(factor, ROWS * paddedWidth);
    rows = Pack.atLeast(rows, ROWS * paddedWidth);
    hidden = Pack.atLeast(hidden, ROWS * paddedRank);
    product = Pack.atLeast(product, Tiles.ROWS * paddedWidth);
  }

  /** Brings rows of a narrow tensor into hidden, with zeros up to rank and to whole tiles. */
  void loadHidden(Tensor narrow, int row, int n, int rank) {
    Pack.rows(narrow, row, n, 0, narrow.columns(), 1, hidden, 0, rank);
    Pack.zero(hidden, (long) n * rank, (long) ROWS * rank);
  }
}
