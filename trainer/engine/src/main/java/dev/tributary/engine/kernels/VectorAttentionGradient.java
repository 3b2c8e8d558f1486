package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;
import java.util.Arrays;

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
    int paddedHead = Lanes.padded(size);
    int keyColumn = shape.keyColumn() + keyValueHead * size;
    int valueColumn = shape.valueColumn() + keyValueHead * size;
    AttentionScratch s = scratches.get();
    s.backward(n, size);
    Pack.panels(qkv, start, n, keyColumn, size, s.keyPanels);
    Pack.panels(qkv, start, n, valueColumn, size, s.valuePanels);
    Pack.rows(qkv, start, n, keyColumn, size, shape.scale(), s.key, 0, paddedHead);
    Arrays.fill(s.dKey, 0, Tiles.paddedRows(n) * paddedHead, 0);
    Arrays.fill(s.dValue, 0, Tiles.paddedRows(n) * paddedHead, 0);
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
    int paddedHead = Lanes.padded(size);
    int column = head * size;
    Pack.rows(qkv, row, rows, column, size, shape.scale(), s.query, 0, paddedHead);
    Pack.rows(dOut, row, rows, column, size, 1, s.dOut, 0, paddedHead);
    int padding = rows * paddedHead;
    Arrays.fill(s.query, padding, Tiles.paddedRows(rows) * paddedHead, 0);
    Arrays.fill(s.dOut, padding, Tiles.paddedRows(rows) * paddedHead, 0);
    for (int r = 0; r < rows; r++) {
      long at = (long) (row + r) * out.columns() + column;
      s.means[r] = VectorElementwise.dot(dOut.memory(), at, out.memory(), at, size);
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
    int paddedHead = Lanes.padded(size);
    int visible = shape.causal() ? i + rows : n;
    int stride = Tiles.paddedWidth(visible);
    for (int r = 0; r < rows; r += Tiles.ROWS) {
      int most = shape.causal() ? Math.min(visible, i + r + Tiles.ROWS) : n;
      scores(s, r, size, most, stride);
      for (int each = r; each < Math.min(rows, r + Tiles.ROWS); each++) {
        int count = shape.causal() ? i + each + 1 : n;
        float lse = logSumExp.get(start + i + each, head);
        Softmax.gradient(s.weights, s.dScores, each * stride, count, stride, lse, s.means[each]);
      }
      Tiles.multiply(
          s.dScores,
          r * stride,
          stride,
          1,
          s.key,
          0,
          paddedHead,
          most,
          false,
          s.rows,
          0,
          paddedHead,
          paddedHead);
      int used = Math.min(Tiles.ROWS, rows - r);
      Pack.copyOut(s.rows, 0, paddedHead, dQkv, start + i + r, used, head * size, size);
    }
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

  /** Scores of four queries, and the gradients by their weights. */
  private static void scores(AttentionScratch s, int row, int size, int count, int stride) {
    int paddedHead = Lanes.padded(size);
    int query = row * paddedHead;
    int width = Tiles.WIDTH;
    for (int j = 0; j < count; j += width) {
      int target = row * stride + j;
      Tiles.wide(
          s.query,
          query,
          paddedHead,
          1,
          s.keyPanels,
          j * size,
          width,
          size,
          false,
          s.weights,
          target,
          stride);
      Tiles.wide(
          s.dOut,
          query,
          paddedHead,
          1,
          s.valuePanels,
          j * size,
          width,
          size,
          false,
          s.dScores,
          target,
          stride);
    }
  }
}
