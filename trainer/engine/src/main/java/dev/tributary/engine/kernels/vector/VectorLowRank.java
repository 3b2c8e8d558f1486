package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * The low-rank operations of {@link dev.tributary.engine.kernels.Kernels}: each reads its large
 * operands once, a few rows at a time, and computes what dropout keeps on the way.
 */
final class VectorLowRank {

  private final Workers workers;
  private final ThreadLocal<LowRankBlocks> shared = ThreadLocal.withInitial(LowRankBlocks::new);
  private final ThreadLocal<LowRankScratch> scratches =
      ThreadLocal.withInitial(LowRankScratch::new);

  VectorLowRank(Workers workers) {
    this.workers = workers;
  }

  void down(Tensor x, VectorDropout dropout, Tensor a, Tensor hidden) {
    LowRankBlocks all = shared.get();
    all.take(a);
    int width = all.width();
    int rank = all.rank();
    forEachRows(
        x.rows(),
        (long) x.columns() * (2 + rank / 4),
        (row, n) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          drop(x, row, n, dropout, s, width);
          products(s, all.matrix(), n, width, rank);
          Pack.copyOut(s.hidden, 0, rank, hidden, row, n, 0, a.rows());
        });
  }

  void up(float scaling, Tensor hidden, Tensor b, Tensor y) {
    LowRankBlocks all = shared.get();
    all.takeTransposed(b, scaling);
    int width = all.width();
    int rank = all.rank();
    forEachRows(
        y.rows(),
        (long) y.columns() * (2 + rank / 4),
        (row, n) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          loadHidden(hidden, row, n, s, rank);
          addProduct(s, all.matrix(), row, n, width, rank, y);
        });
  }

  /** {@code y += hidden matrix}: whole tiles where they lie, what is left through scratch. */
  private static void addProduct(
      LowRankScratch s, MemorySegment matrix, int row, int n, int width, int rank, Tensor y) {
    int whole = Lanes.bound(y.columns());
    for (int r = 0; r < n; r += Tiles.ROWS) {
      int rows = Math.min(Tiles.ROWS, n - r);
      int done = rows == Tiles.ROWS ? whole : 0;
      long at = (long) (row + r) * y.stride();
      long from = (long) r * rank;
      Tiles.multiply(
          s.hidden, from, rank, 1, matrix, 0, width, rank, true, y.memory(), at, y.stride(), done);
      if (done == y.columns()) {
        continue;
      }
      Tiles.multiply(
          s.hidden,
          from,
          rank,
          1,
          matrix,
          done,
          width,
          rank,
          false,
          s.product,
          done,
          width,
          Lanes.padded(y.columns() - done));
      for (int each = 0; each < rows; each++) {
        long source = (long) each * width + done;
        long target = at + (long) each * y.stride() + done;
        VectorElementwise.add(s.product, source, y.memory(), target, y.columns() - done);
      }
    }
  }

  void upGradient(float scaling, Tensor dy, Tensor hidden, Tensor b, Tensor dB, Tensor dHidden) {
    LowRankBlocks all = shared.get();
    all.takeTransposed(b, scaling);
    int width = all.width();
    int rank = all.rank();
    int blocks = all.cut(dy.rows());
    workers.forEach(
        blocks,
        dy.size() / blocks * (2 + rank / 2),
        (from, to) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          for (int block = from; block < to; block++) {
            long gradient = all.startGradient(block);
            int end = all.firstRow(block + 1);
            for (int row = all.firstRow(block); row < end; row += LowRankScratch.ROWS) {
              int n = Math.min(LowRankScratch.ROWS, end - row);
              Pack.rows(dy, row, n, 0, dy.columns(), 1, s.rows, 0, width);
              products(s, all.matrix(), n, width, rank);
              Pack.copyOut(s.hidden, 0, rank, dHidden, row, n, 0, b.columns());
              loadHidden(hidden, row, n, s, rank);
              outer(s, n, width, rank, all.gradients(), gradient);
            }
          }
        });
    all.addTransposedTo(workers, scaling, dB);
  }

  void downGradient(
      Tensor x, VectorDropout dropout, Tensor dHidden, Tensor a, Tensor dA, Tensor dxOrNull) {
    LowRankBlocks all = shared.get();
    all.take(a);
    int width = all.width();
    int rank = all.rank();
    int blocks = all.cut(x.rows());
    workers.forEach(
        blocks,
        x.size() / blocks * (2 + rank / 2),
        (from, to) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          for (int block = from; block < to; block++) {
            long gradient = all.startGradient(block);
            int end = all.firstRow(block + 1);
            for (int row = all.firstRow(block); row < end; row += LowRankScratch.ROWS) {
              int n = Math.min(LowRankScratch.ROWS, end - row);
              drop(x, row, n, dropout, s, width);
              loadHidden(dHidden, row, n, s, rank);
              outer(s, n, width, rank, all.gradients(), gradient);
              if (dxOrNull != null) {
                inputGradient(s, all.matrix(), row, n, width, rank, dropout, dxOrNull);
              }
            }
          }
        });
    all.addTo(workers, dA);
  }

  /** Rows of x after dropout into scratch, and the factors that made them. */
  private static void drop(
      Tensor x, int row, int n, VectorDropout dropout, LowRankScratch s, int width) {
    if (dropout.dropsNothing()) {
      Pack.rows(x, row, n, 0, x.columns(), 1, s.rows, 0, width);
      return;
    }
    int columns = x.columns();
    for (int r = 0; r < n; r++) {
      int at = r * width;
      dropout.factors((row + r) * columns, columns, s.factor, at);
      long from = (long) (row + r) * x.stride();
      VectorDropout.multiply(x.memory(), from, s.factor, at, s.rows, at, columns);
      for (int i = at + columns; i < at + width; i++) {
        s.rows.setAtIndex(Tensor.FLOAT, i, 0);
      }
    }
  }

  /** Rows of a narrow tensor into scratch, with zeros up to rank and to whole tiles. */
  private static void loadHidden(Tensor hidden, int row, int n, LowRankScratch s, int rank) {
    Pack.rows(hidden, row, n, 0, hidden.columns(), 1, s.hidden, 0, rank);
    Pack.zero(s.hidden, n * rank, LowRankScratch.ROWS * rank);
  }

  /** {@code hidden = rows matrixᵀ}. */
  private static void products(LowRankScratch s, MemorySegment matrix, int n, int width, int rank) {
    for (int r = 0; r < n; r += 2) {
      for (int j = 0; j < rank; j += Tiles.ROWS) {
        Tiles.dots(
            s.rows,
            r * width,
            width,
            matrix,
            j * width,
            width,
            width,
            s.partial,
            s.hidden,
            r * rank + j,
            rank);
      }
    }
  }

  /** {@code gradient += hiddenᵀ rows}. */
  private static void outer(
      LowRankScratch s, int n, int width, int rank, MemorySegment gradient, long at) {
    for (int j = 0; j < rank; j += Tiles.ROWS) {
      Tiles.multiply(
          s.hidden,
          j,
          1,
          rank,
          s.rows,
          0,
          width,
          n,
          true,
          gradient,
          at + (long) j * width,
          width,
          width);
    }
  }

  private static void inputGradient(
      LowRankScratch s,
      MemorySegment matrix,
      int row,
      int n,
      int width,
      int rank,
      VectorDropout dropout,
      Tensor dx) {
    if (dropout.dropsNothing()) {
      addProduct(s, matrix, row, n, width, rank, dx);
      return;
    }
    for (int r = 0; r < n; r += Tiles.ROWS) {
      Tiles.multiply(
          s.hidden, r * rank, rank, 1, matrix, 0, width, rank, false, s.product, 0, width, width);
      int count = Math.min(Tiles.ROWS, n - r);
      for (int each = 0; each < count; each++) {
        long at = (long) (row + r + each) * dx.stride();
        long factor = (long) (r + each) * width;
        VectorDropout.add(
            s.product, (long) each * width, s.factor, factor, dx.memory(), at, dx.columns());
      }
    }
  }

  @FunctionalInterface
  private interface RowsTask {
    void run(int row, int n);
  }

  /** A few rows at a time, the same ones whoever works on them. */
  private void forEachRows(int rows, long cost, RowsTask task) {
    int step = LowRankScratch.ROWS;
    workers.forEach(
        (rows + step - 1) / step,
        cost * step,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            task.run(i * step, Math.min(step, rows - i * step));
          }
        });
  }
}
