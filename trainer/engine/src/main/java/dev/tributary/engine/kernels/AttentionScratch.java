package dev.tributary.engine.kernels;

/**
 * One thread's working memory for one key head of one sequence: rows padded to whole vectors and
 * tiles, so that the inner loops have no tails. Grows to the longest sequence seen and stays.
 */
final class AttentionScratch {

  /** Query rows whose weights the backward pass keeps at a time; a multiple of a tile's rows. */
  static final int QUERIES = 32;

  float[] query = new float[0];
  float[] key = new float[0];
  float[] keyPanels = new float[0];
  float[] value = new float[0];
  float[] valuePanels = new float[0];
  float[] dOut = new float[0];
  float[] dKey = new float[0];
  float[] dValue = new float[0];
  float[] weights = new float[0];
  float[] dScores = new float[0];
  float[] rows = new float[0];
  float[] means = new float[0];

  /** Makes room for n keys and some queries at a time in the forward pass. */
  void forward(int n, int headSize) {
    int paddedHead = Lanes.padded(headSize);
    keyPanels = Pack.atLeast(keyPanels, Tiles.paddedWidth(n) * headSize);
    value = Pack.atLeast(value, n * paddedHead);
    query = Pack.atLeast(query, Tiles.ROWS * paddedHead);
    weights = Pack.atLeast(weights, Tiles.ROWS * Tiles.paddedWidth(n));
    rows = Pack.atLeast(rows, Tiles.ROWS * paddedHead);
  }

  /** Makes room for the weights of one query on n keys. */
  void cached(int n) {
    weights = Pack.atLeast(weights, Lanes.padded(n));
  }

  /** Makes room for n rows of a head in the backward pass. */
  void backward(int n, int headSize) {
    int paddedHead = Lanes.padded(headSize);
    int paddedRows = Tiles.paddedRows(n);
    keyPanels = Pack.atLeast(keyPanels, Tiles.paddedWidth(n) * headSize);
    valuePanels = Pack.atLeast(valuePanels, Tiles.paddedWidth(n) * headSize);
    key = Pack.atLeast(key, n * paddedHead);
    query = Pack.atLeast(query, QUERIES * paddedHead);
    dOut = Pack.atLeast(dOut, QUERIES * paddedHead);
    dKey = Pack.atLeast(dKey, paddedRows * paddedHead);
    dValue = Pack.atLeast(dValue, paddedRows * paddedHead);
    weights = Pack.atLeast(weights, QUERIES * Tiles.paddedWidth(n));
    dScores = Pack.atLeast(dScores, QUERIES * Tiles.paddedWidth(n));
    rows = Pack.atLeast(rows, Tiles.ROWS * paddedHead);
    means = Pack.atLeast(means, QUERIES);
  }
}
