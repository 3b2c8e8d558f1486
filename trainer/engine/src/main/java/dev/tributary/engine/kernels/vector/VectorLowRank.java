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
    forEachRows(
        all,
        x,
        (row, n) -> {
          LowRankScratch s = scratch(all);
          drop(x, row, n, dropout, s, all);
          products(s, n, all);
          Pack.copyOut(s.hidden, 0, all.rank(), hidden, row, n, 0, a.rows());
        });
  }

  void up(float scaling, Tensor hidden, Tensor b, Tensor y) {
    LowRankBlocks all = shared.get();
    all.takeTransposed(b, scaling);
    forEachRows(
        all,
        y,
        (row, n) -> {
          LowRankScratch s = scratch(all);
          s.loadHidden(hidden, row, n, all.rank());
          addProduct(s, row, n, all, y);
        });
  }

  void upGradient(float scaling, Tensor dy, Tensor hidden, Tensor b, Tensor dB, Tensor dHidden) {
    LowRankBlocks all = shared.get();
    all.takeTransposed(b, scaling);
    forEachBlock(
        all,
        dy,
        (row, n, gradient) -> {
          LowRankScratch s = scratch(all);
          Pack.rows(dy, row, n, 0, dy.columns(), 1, s.rows, 0, all.width());
          products(s, n, all);
          Pack.copyOut(s.hidden, 0, all.rank(), dHidden, row, n, 0, b.columns());
          s.loadHidden(hidden, row, n, all.rank());
          outer(s, n, all, gradient);
        });
    all.addTransposedTo(workers, scaling, dB);
  }

  void downGradient(
      Tensor x, VectorDropout dropout, Tensor dHidden, Tensor a, Tensor dA, Tensor dxOrNull) {
    LowRankBlocks all = shared.get();
    all.take(a);
    forEachBlock(
        all,
        x,
        (row, n, gradient) -> {
          LowRankScratch s = scratch(all);
          drop(x, row, n, dropout, s, all);
          s.loadHidden(dHidden, row, n, all.rank());
          outer(s, n, all, gradient);
          if (dxOrNull != null) {
            inputGradient(s, row, n, all, dropout, dxOrNull);
          }
        });
    all.addTo(workers, dA);
  }

  private LowRankScratch scratch(LowRankBlocks all) {
    LowRankScratch s = scratches.get();
    s.prepare(all.width(), all.rank());
    return s;
  }

  /** Rows of x after dropout into scratch, and the factors that made them. */
  private static void drop(
      Tensor x, int row, int n, VectorDropout dropout, LowRankScratch s, LowRankBlocks all) {
    int width = all.width();
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

  /** {@code hidden = rows matrixᵀ}. */
  private static void products(LowRankScratch s, int n, LowRankBlocks all) {
    int width = all.width();
    for (int r = 0; r < n; r += 2) {
      for (int j = 0; j < all.rank(); j += Tiles.ROWS) {
        Tiles.dots(
            s.rows,
            r * width,
            width,
            all.matrix(),
            (long) j * width,
            width,
            all.columns(),
            s.partial,
            s.hidden,
            r * all.rank() + j,
            all.rank());
      }
    }
  }

  /** {@code gradient += hiddenᵀ rows}. */
  private static void outer(LowRankScratch s, int n, LowRankBlocks all, long gradient) {
    int width = all.width();
    for (int j = 0; j < all.rank(); j += Tiles.ROWS) {
      long at = gradient + (long) j * width;
      Tiles.multiply(
          s.hidden,
          j,
          1,
          all.rank(),
          s.rows,
          0,
          width,
          n,
          true,
          all.gradients(),
          at,
          width,
          all.columns());
    }
  }

  /** {@code y += hidden matrix}: whole tiles where they lie, what is left through scratch. */
  private static void addProduct(LowRankScratch s, int row, int n, LowRankBlocks all, Tensor y) {
    int whole = Lanes.bound(y.columns());
    for (int r = 0; r < n; r += Tiles.ROWS) {
      int rows = Math.min(Tiles.ROWS, n - r);
      int done = rows == Tiles.ROWS ? whole : 0;
      long target = (long) (row + r) * y.stride();
      tile(s, r, all, true, y.memory(), target, y.stride(), 0, done);
      if (done == y.columns()) {
        continue;
      }
      int left = Lanes.padded(y.columns() - done);
      tile(s, r, all, false, s.product, 0, all.width(), done, left);
      for (int each = 0; each < rows; each++) {
        long source = (long) each * all.width() + done;
        long rest = target + (long) each * y.stride() + done;
        VectorElementwise.add(s.product, source, y.memory(), rest, y.columns() - done);
      }
    }
  }

  /** {@code dx += dropout(hidden matrix)}. */
  private static void inputGradient(
      LowRankScratch s, int row, int n, LowRankBlocks all, VectorDropout dropout, Tensor dx) {
    if (dropout.dropsNothing()) {
      addProduct(s, row, n, all, dx);
      return;
    }
    int width = all.width();
    for (int r = 0; r < n; r += Tiles.ROWS) {
      tile(s, r, all, false, s.product, 0, width, 0, all.columns());
      int count = Math.min(Tiles.ROWS, n - r);
      for (int each = 0; each < count; each++) {
        long at = (long) (row + r + each) * dx.stride();
        long factor = (long) (r + each) * width;
        VectorDropout.add(
            s.product, (long) each * width, s.factor, factor, dx.memory(), at, dx.columns());
      }
    }
  }

  /** Four rows of {@code y = hidden matrix}, or added to y, in n columns from one on. */
  private static void tile(
      LowRankScratch s,
      int r,
      LowRankBlocks all,
      boolean accumulate,
      MemorySegment y,
      long at,
      int stride,
      int column,
      int n) {
    int rank = all.rank();
    Tiles.multiply(
        s.hidden,
        (long) r * rank,
        rank,
        1,
        all.matrix(),
        column,
        all.width(),
        rank,
        accumulate,
        y,
        at + column,
        stride,
        n);
  }

  @FunctionalInterface
  private interface RowsTask {
    void run(int row, int n);
  }

  /** A few rows at a time, the same ones whoever works on them. */
  private void forEachRows(LowRankBlocks all, Tensor large, RowsTask task) {
    int rows = large.rows();
    int step = LowRankScratch.ROWS;
    workers.forEach(
        (rows + step - 1) / step,
        (long) step * large.columns() * (2 + all.rank() / 4),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            task.run(i * step, Math.min(step, rows - i * step));
          }
        });
  }

  @FunctionalInterface
  private interface BlockTask {
    void run(int row, int n, long gradient);
  }

  /** A few rows at a time, with where the gradient of the block they are in begins. */
  private void forEachBlock(LowRankBlocks all, Tensor large, BlockTask task) {
    int blocks = all.cut(large.rows());
    workers.forEach(
        blocks,
        large.size() / blocks * (2 + all.rank() / 2),
        (from, to) -> {
          for (int block = from; block < to; block++) {
            long gradient = all.startGradient(block);
            int end = all.firstRow(block + 1);
            for (int row = all.firstRow(block); row < end; row += LowRankScratch.ROWS) {
              task.run(row, Math.min(LowRankScratch.ROWS, end - row), gradient);
            }
          }
        });
  }
}
