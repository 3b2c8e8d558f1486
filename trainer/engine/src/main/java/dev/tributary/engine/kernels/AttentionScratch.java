package dev.tributary.engine.kernels;

/**
 * One thread's working memory for one head of one sequence: rows padded to whole vectors, so that
 * the inner loops have no tails. Grows to the longest sequence seen and stays.
 */
final class AttentionScratch {

  float[] query = new float[0];
  float[] key = new float[0];
  float[] keyTransposed = new float[0];
  float[] value = new float[0];
  float[] valueTransposed = new float[0];
  float[] dOut = new float[0];
  float[] dKey = new float[0];
  float[] dValue = new float[0];
  float[] weights = new float[0];
  float[] dScores = new float[0];
  float[] row = new float[0];

  /** Makes room for n rows of a head for the forward pass. */
  void forward(int n, int headSize) {
    int paddedHead = Lanes.padded(headSize);
    int paddedRows = Lanes.padded(n);
    keyTransposed = atLeast(keyTransposed, headSize * paddedRows);
    value = atLeast(value, n * paddedHead);
    weights = atLeast(weights, paddedRows);
    row = atLeast(row, paddedHead);
  }

  /** Makes room for n rows of a head for the backward pass. */
  void backward(int n, int headSize) {
    forward(n, headSize);
    int paddedHead = Lanes.padded(headSize);
    query = atLeast(query, n * paddedHead);
    key = atLeast(key, n * paddedHead);
    valueTransposed = atLeast(valueTransposed, headSize * Lanes.padded(n));
    dOut = atLeast(dOut, n * paddedHead);
    dKey = atLeast(dKey, n * paddedHead);
    dValue = atLeast(dValue, n * paddedHead);
    dScores = atLeast(dScores, Lanes.padded(n));
  }

  private static float[] atLeast(float[] array, int size) {
    return array.length >= size ? array : new float[size];
  }
}
