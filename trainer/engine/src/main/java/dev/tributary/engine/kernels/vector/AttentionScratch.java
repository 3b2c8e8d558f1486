package dev.tributary.engine.kernels.vector;

import java.lang.foreign.MemorySegment;

/**
 * One thread's working memory for one key head of one sequence: rows padded to whole vectors and
 * tiles, so that the inner loops have no tails. Grows to the longest sequence seen and stays.
 */
final class AttentionScratch {

  /** Queries whose weights are kept at a time; a multiple of a tile's rows. */
  static final int QUERIES = 32;

  MemorySegment query = MemorySegment.NULL;
  MemorySegment key = MemorySegment.NULL;
  MemorySegment keyPanels = MemorySegment.NULL;
  MemorySegment value = MemorySegment.NULL;
  MemorySegment valuePanels = MemorySegment.NULL;
  MemorySegment dOut = MemorySegment.NULL;
  MemorySegment dKey = MemorySegment.NULL;
  MemorySegment dValue = MemorySegment.NULL;
  MemorySegment weights = MemorySegment.NULL;
  MemorySegment dScores = MemorySegment.NULL;
  MemorySegment rows = MemorySegment.NULL;
  MemorySegment means = MemorySegment.NULL;

  /** A vector for each row of a tile. */
  final MemorySegment partial = Pack.atLeast(MemorySegment.NULL, (long) Tiles.ROWS * Lanes.COUNT);

  /** Two numbers for each row of a tile. */
  final MemorySegment results = Pack.atLeast(MemorySegment.NULL, 2L * Tiles.ROWS);

  /** Floats from one row of a head to the next. */
  static int headStride(int headSize) {
    return Tiles.stride(headSize);
  }

  /** Floats from the weights of one query on n keys to those of the next. */
  static int weightStride(int n) {
    return Tiles.stride(Tiles.paddedWidth(n));
  }

  /** Makes room for n keys and some queries at a time in the forward pass. */
  void forward(int n, int headSize) {
    int paddedHead = headStride(headSize);
    keyPanels = Pack.atLeast(keyPanels, Tiles.paddedWidth(n) * headSize);
    value = Pack.atLeast(value, n * paddedHead);
    query = Pack.atLeast(query, QUERIES * paddedHead);
    weights = Pack.atLeast(weights, QUERIES * weightStride(n));
    rows = Pack.atLeast(rows, QUERIES * paddedHead);
    means = Pack.atLeast(means, QUERIES);
  }

  /** Makes room for the weights of one query on n keys. */
  void cached(int n) {
    weights = Pack.atLeast(weights, Lanes.padded(n));
  }

  /** Makes room for n rows of a head in the backward pass. */
  void backward(int n, int headSize) {
    int paddedHead = headStride(headSize);
    int paddedRows = Tiles.paddedRows(n);
    keyPanels = Pack.atLeast(keyPanels, Tiles.paddedWidth(n) * headSize);
    valuePanels = Pack.atLeast(valuePanels, Tiles.paddedWidth(n) * headSize);
    key = Pack.atLeast(key, n * paddedHead);
    query = Pack.atLeast(query, QUERIES * paddedHead);
    dOut = Pack.atLeast(dOut, QUERIES * paddedHead);
    dKey = Pack.atLeast(dKey, paddedRows * paddedHead);
    dValue = Pack.atLeast(dValue, paddedRows * paddedHead);
    weights = Pack.atLeast(weights, QUERIES * weightStride(n));
    dScores = Pack.atLeast(dScores, QUERIES * weightStride(n));
    rows = Pack.atLeast(rows, QUERIES * paddedHead);
    means = Pack.atLeast(means, QUERIES);
  }
}
