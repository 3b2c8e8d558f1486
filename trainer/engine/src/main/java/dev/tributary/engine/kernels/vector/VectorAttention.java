package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.tensor.Tensor;

/**
 * Attention of one key head of one sequence, forward. Keys and values are first packed next to each
 * other; then a few queries at a time meet all their keys: a panel of keys is used for all of them
 * while it is in the first-level cache, and their weights never leave the second.
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
    int paddedHead = AttentionScratch.headStride(size);
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
      for (int i = 0; i < queries; i += AttentionScratch.QUERIES) {
        int rows = Math.min(AttentionScratch.QUERIES, queries - i);
        int visible = shape.causal() ? past + i + 1 : count;
        block(shape, s, head, qkv, first + i, rows, visible, logSumExpOrNull, out);
      }
    }
  }

  /**
   * A few queries.
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
    int paddedHead = AttentionScratch.headStride(size);
    int column = head * size;
    int more = shape.causal() ? 1 : 0;
    int stride = AttentionScratch.weightStride(visible + more * (rows - 1));
    Pack.rows(qkv, row, rows, column, size, shape.scale(), s.query, 0, paddedHead);
    scores(s, rows, size, visible, more, stride);
    for (int r = 0; r < rows; r += Tiles.ROWS) {
      int count = visible + more * r;
      int columns = Lanes.padded(mostKeys(visible, more, r, rows));
      Softmax.tile(s.weights, r * stride, stride, count, more, columns, s.results, s.partial);
      for (int each = r; each < Math.min(rows, r + Tiles.ROWS); each++) {
        if (logSumExpOrNull != null) {
          logSumExpOrNull.set(row + each, head, s.results.getAtIndex(Tensor.FLOAT, each - r));
        }
        float reciprocal = s.results.getAtIndex(Tensor.FLOAT, Tiles.ROWS + each - r);
        s.means.setAtIndex(Tensor.FLOAT, each, reciprocal);
      }
    }
    weightedSums(s, rows, paddedHead, visible, more, stride);
    for (int r = 0; r < rows; r++) {
      float reciprocal = s.means.getAtIndex(Tensor.FLOAT, r);
      Pack.multiply(s.rows, r * paddedHead, paddedHead, reciprocal);
    }
    Pack.copyOut(s.rows, 0, paddedHead, out, row, rows, column, size);
  }

  /** Keys that any query of the tile starting with the one of that number sees. */
  private static int mostKeys(int visible, int more, int r, int rows) {
    return visible + more * (Math.min(rows, r + Tiles.ROWS) - 1);
  }

  private static void scores(
      AttentionScratch s, int rows, int size, int visible, int more, int stride) {
    int paddedHead = AttentionScratch.headStride(size);
    for (int j = 0; j < visible + more * (rows - 1); j += Tiles.WIDTH) {
      for (int r = 0; r < rows; r += Tiles.ROWS) {
        if (j < mostKeys(visible, more, r, rows)) {
          Tiles.wide(
              s.query,
              (long) r * paddedHead,
              paddedHead,
              1,
              s.keyPanels,
              (long) j * size,
              Tiles.WIDTH,
              size,
              false,
              s.weights,
              (long) r * stride + j,
              stride);
        }
      }
    }
  }

  private static void weightedSums(
      AttentionScratch s, int rows, int paddedHead, int visible, int more, int stride) {
    for (int d = 0; d < paddedHead; d += Tiles.WIDTH) {
      for (int r = 0; r < rows; r += Tiles.ROWS) {
        Tiles.multiply(
            s.weights,
            (long) r * stride,
            stride,
            1,
            s.value,
            d,
            paddedHead,
            mostKeys(visible, more, r, rows),
            false,
            s.rows,
            (long) r * paddedHead + d,
            paddedHead,
            Math.min(Tiles.WIDTH, paddedHead - d));
      }
    }
  }
}
