package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * Attention of one key head of one sequence, forward. Keys and values are first packed next to each
 * other; then four queries at a time meet all their keys, so that a row of weights never leaves the
 * cache.
 */
final class VectorAttention {

  private final ThreadLocal<AttentionScratch> scratches =
      ThreadLocal.withInitial(AttentionScratch::new);

  /**
   * One key head and the query heads that look at it.
   *
   * @param qkv where the queries are
   * @param first row of the first query
   * @param queries number of queries
   * @param keys where the keys are, from row {@code firstKey} and a column on
   * @param values where the values are, likewise
   * @param past keys before that of the first query, if causal
   * @param count of all keys
   * @param logSumExpOrNull receives a column for each query head
   */
  void forward(
      AttentionShape shape,
      int keyValueHead,
      Tensor qkv,
      int first,
      int queries,
      Tensor keys,
      int keyColumn,
      Tensor values,
      int valueColumn,
      int firstKey,
      int past,
      int count,
      Tensor logSumExpOrNull,
      Tensor out) {
    int size = shape.headSize();
    int paddedHead = Lanes.padded(size);
    AttentionScratch s = scratches.get();
    s.forward(count, size);
    Pack.panels(keys, firstKey, count, keyColumn + keyValueHead * size, size, s.keyPanels);
    Pack.rows(
        values,
        firstKey,
        count,
        valueColumn + keyValueHead * size,
        size,
        1,
        s.value,
        0,
        paddedHead);
    int group = shape.heads() / shape.keyValueHeads();
    for (int head = keyValueHead * group; head < (keyValueHead + 1) * group; head++) {
      for (int i = 0; i < queries; i += Tiles.ROWS) {
        int rows = Math.min(Tiles.ROWS, queries - i);
        int visible = shape.causal() ? past + i + 1 : count;
        block(shape, s, head, qkv, first + i, rows, visible, logSumExpOrNull, out);
      }
    }
  }

  /**
   * Up to four queries.
   *
   * @param visible keys of the first of them; each further one sees one more, if causal
   */
  private static void block(
      AttentionShape shape,
      AttentionScratch s,
      int head,
      Tensor qkv,
      int row,
      int rows,
      int visible,
      Tensor logSumExpOrNull,
      Tensor out) {
    int size = shape.headSize();
    int paddedHead = Lanes.padded(size);
    int column = head * size;
    int most = shape.causal() ? visible + rows - 1 : visible;
    int stride = Tiles.paddedWidth(most);
    Pack.rows(qkv, row, rows, column, size, shape.scale(), s.query, 0, paddedHead);
    for (int j = 0; j < most; j += Tiles.WIDTH) {
      Tiles.wide(
          s.query,
          0,
          paddedHead,
          1,
          s.keyPanels,
          j * size,
          Tiles.WIDTH,
          size,
          false,
          s.weights,
          j,
          stride);
    }
    for (int r = 0; r < rows; r++) {
      int count = shape.causal() ? visible + r : visible;
      float lse = Softmax.weights(s.weights, r * stride, count, most);
      if (logSumExpOrNull != null) {
        logSumExpOrNull.set(row + r, head, lse);
      }
    }
    Tiles.multiply(
        s.weights,
        0,
        stride,
        1,
        s.value,
        0,
        paddedHead,
        most,
        false,
        s.rows,
        0,
        paddedHead,
        paddedHead);
    Pack.copyOut(s.rows, 0, paddedHead, out, row, rows, column, size);
  }
}
