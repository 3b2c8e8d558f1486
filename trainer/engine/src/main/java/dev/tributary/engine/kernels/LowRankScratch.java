package dev.tributary.engine.kernels;

/** One thread's working memory for a few rows of a low-rank addition. Grows and stays. */
final class LowRankScratch {

  /** Rows worked on at a time; a multiple of a tile's. */
  static final int ROWS = 8;

  float[] factor = new float[0];
  float[] rows = new float[0];
  float[] hidden = new float[0];
  float[] product = new float[0];
  float[] partial = new float[8 * Lanes.COUNT];

  void prepare(int paddedWidth, int paddedRank) {
    factor = Pack.atLeast(factor, ROWS * paddedWidth);
    rows = Pack.atLeast(rows, ROWS * paddedWidth);
    hidden = Pack.atLeast(hidden, ROWS * paddedRank);
    product = Pack.atLeast(product, Tiles.ROWS * paddedWidth);
  }
}
