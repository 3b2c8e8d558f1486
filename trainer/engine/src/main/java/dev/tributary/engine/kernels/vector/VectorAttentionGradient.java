package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * The gradient of attention for one key head of one sequence. The weights were not kept; they are
 * built again, for some queries at a time, from the rows' log-sum-exp (<a
 * href="https://arxiv.org/abs/2205.14135">Dao et al. 2022</a>).
 */
final class VectorAttentionGradient {

  private final ThreadLocal<AttentionScratch> scratches =
      ThreadLocal.withInitial(AttentionScratch::new);

  /** Rows {@code [start, start + n)}: overwrites what belongs to the key head in dQkv. */
  void backward(
      AttentionShape shape,
      int keyValueHead,
      Tensor qkv,
      int start,
      int n,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv) {
    int size = shape.headSize();
    int paddedHead = AttentionScratch.headStride(size);
    int keyColumn = shape.keyColumn() + keyValueHead * size;
    int valueColumn = shape.valueColumn() + keyValueHead * size;
    AttentionScratch s = scratches.get();
    s.backward(n, size);
    Pack.panels(qkv, start, n, keyColumn, size, s.keyPanels);
    Pack.panels(qkv, start, n, valueColumn, size, s.valuePanels);
    Pack.rows(qkv, start, n, keyColumn, size, shape.scale(), s.key, 0, paddedHead);
    Pack.zero(s.dKey, 0, Tiles.paddedRows(n) * paddedHead);
    Pack.zero(s.dValue, 0, Tiles.paddedRows(n) * paddedHead);
    int group = shape.heads() / shape.keyValueHeads();
    for (int head = keyValueHead * group; head < (keyValueHead + 1) * group; head++) {
      for (int i = 0; i < n; i += AttentionScratch.QUERIES) {
        int rows = Math.min(AttentionScratch.QUERIES, n - i);
        load(shape, s, head, qkv, logSumExp, out, dOut, start + i, rows);
        block(shape, s, head, logSumExp, start, n, i, rows, dQkv);
      }
    }
    Pack.copyOut(s.dKey, 0, paddedHead, dQkv, start, n, keyColumn, size);
    Pack.copyOut(s.dValue, 0, paddedHead, dQkv, start, n, valueColumn, size);
  }

  /** Queries, their results' gradients, and the product of those with the results. */
  private static void load(
      AttentionShape shape,
      AttentionScratch s,
      int head,
      Tensor qkv,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      int row,
      int rows) {
    int size = shape.headSize();
    int paddedHead = AttentionScratch.headStride(size);
    int column = head * size;
    Pack.rows(qkv, row, rows, column, size, shape.scale(), s.query, 0, paddedHead);
    Pack.rows(dOut, row, rows, column, size, 1, s.dOut, 0, paddedHead);
    int padding = rows * paddedHead;
    Pack.zero(s.query, padding, Tiles.paddedRows(rows) * paddedHead);
    Pack.zero(s.dOut, padding, Tiles.paddedRows(rows) * paddedHead);
    for (int r = 0; r < rows; r++) {
      long at = (long) (row + r) * out.columns() + column;
      float mean = VectorElementwise.dot(dOut.memory(), at, out.memory(), at, size);
      s.means.setAtIndex(Tensor.FLOAT, r, mean);
    }
  }

  /** Queries {@code [i, i + rows)} of the sequence. */
  private static void block(
      AttentionShape shape,
      AttentionScratch s,
      int head,
      Tensor logSumExp,
      int start,
      int n,
      int i,
      int rows,
      Tensor dQkv) {
    int size = shape.headSize();
    int paddedHead = AttentionScratch.headStride(size);
    int visible = shape.causal() ? i + rows : n;
    int stride = AttentionScratch.weightStride(visible);
    int padded = Tiles.paddedWidth(visible);
    int more = shape.causal() ? 1 : 0;
    int first = shape.causal() ? i + 1 : n;
    scores(s, rows, size, first, more, stride);
    for (int r = 0; r < rows; r++) {
      float lse = logSumExp.get(start + i + r, head);
      float mean = s.means.getAtIndex(Tensor.FLOAT, r);
      int at = r * stride;
      Softmax.gradient(s.weights, s.dScores, at, first + more * r, padded, lse, mean);
    }
    queryGradients(s, rows, paddedHead, first, more, stride);
    Pack.copyOut(s.rows, 0, paddedHead, dQkv, start + i, rows, head * size, size);
    for (int j = 0; j < visible; j += Tiles.ROWS) {
      // Queries before key j do not see it.
      int from = shape.causal() ? Math.max(0, j - i) : 0;
      int at = from * stride + j;
      int queries = from * paddedHead;
      int key = j * paddedHead;
      Tiles.multiply(
          s.weights,
          at,
          1,
          stride,
          s.dOut,
          queries,
          paddedHead,
          rows - from,
          true,
          s.dValue,
          key,
          paddedHead,
          paddedHead);
      Tiles.multiply(
          s.dScores,
          at,
          1,
          stride,
          s.query,
          queries,
          paddedHead,
          rows - from,
          true,
          s.dKey,
          key,
          paddedHead,
          paddedHead);
    }
  }

  /** Keys that any query of the tile starting with the one of that number sees. */
  private static int mostKeys(int first, int more, int r, int rows) {
    return first + more * (Math.min(rows, r + Tiles.ROWS) - 1);
  }

  /** Scores, and the gradients by their weights. */
  private static void scores(
      AttentionScratch s, int rows, int size, int first, int more, int stride) {
    int paddedHead = AttentionScratch.headStride(size);
    for (int j = 0; j < first + more * (rows - 1); j += Tiles.WIDTH) {
      long panel = (long) j * size;
      for (int r = 0; r < rows; r += Tiles.ROWS) {
        if (j < mostKeys(first, more, r, rows)) {
          long at = (long) r * stride + j;
          products(
              s.query, r * paddedHead, paddedHead, s.keyPanels, panel, size, s.weights, at, stride);
          products(
              s.dOut,
              r * paddedHead,
              paddedHead,
              s.valuePanels,
              panel,
              size,
              s.dScores,
              at,
              stride);
        }
      }
    }
  }

  private static void products(
      MemorySegment rows,
      int row,
      int paddedHead,
      MemorySegment panels,
      long panel,
      int size,
      MemorySegment result,
      long at,
      int stride) {
    Tiles.wide(
        rows, row, paddedHead, 1, panels, panel, Tiles.WIDTH, size, false, result, at, stride);
  }

  private static void queryGradients(
      AttentionScratch s, int rows, int paddedHead, int first, int more, int stride) {
    for (int d = 0; d < paddedHead; d += Tiles.WIDTH) {
      for (int r = 0; r < rows; r += Tiles.ROWS) {
        Tiles.multiply(
            s.dScores,
            (long) r * stride,
            stride,
            1,
            s.key,
            d,
            paddedHead,
            mostKeys(first, more, r, rows),
            false,
            s.rows,
            (long) r * paddedHead + d,
            paddedHead,
            Math.min(Tiles.WIDTH, paddedHead - d));
      }
    }
  }
}
