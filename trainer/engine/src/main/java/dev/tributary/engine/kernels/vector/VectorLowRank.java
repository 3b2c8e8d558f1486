package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The low-rank operations of {@link dev.tributary.engine.kernels.Kernels}: each reads its large
 * operands once, a few rows at a time, and computes what dropout keeps on the way.
 */
final class VectorLowRank {

  private final Workers workers;
  private final ThreadLocal<LowRankShared> shared = ThreadLocal.withInitial(LowRankShared::new);
  private final ThreadLocal<LowRankScratch> scratches =
      ThreadLocal.withInitial(LowRankScratch::new);

  VectorLowRank(Workers workers) {
    this.workers = workers;
  }

  void down(Tensor x, VectorDropout dropout, Tensor a, Tensor hidden) {
    int width = Tiles.stride(x.columns());
    int rank = Tiles.paddedRows(a.rows());
    MemorySegment matrix = packed(a, width, rank).matrix;
    forEachRows(
        x.rows(),
        (long) x.columns() * (2 + rank / 4),
        (row, n) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          drop(x, row, n, dropout, s, width);
          products(s, matrix, n, width, rank);
          Pack.copyOut(s.hidden, 0, rank, hidden, row, n, 0, a.rows());
        });
  }

  void up(float scaling, Tensor hidden, Tensor b, Tensor y) {
    int width = Tiles.stride(y.columns());
    int rank = b.columns();
    MemorySegment matrix = transposed(b, scaling, width, rank, 0).matrix;
    forEachRows(
        y.rows(),
        (long) y.columns() * (2 + rank / 4),
        (row, n) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          loadHidden(hidden, row, n, s, rank);
          addProduct(s, matrix, row, n, width, rank, y);
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
    int width = Tiles.stride(dy.columns());
    int rank = Tiles.paddedRows(b.columns());
    int blocks = LowRankShared.blocks(dy.rows());
    LowRankShared all = transposed(b, scaling, width, rank, blocks);
    workers.forEach(
        blocks,
        dy.size() / blocks * (2 + rank / 2),
        (from, to) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          for (int block = from; block < to; block++) {
            int gradient = block * rank * width;
            Pack.zero(all.gradients, gradient, gradient + rank * width);
            int end = LowRankShared.firstRow(dy.rows(), blocks, block + 1);
            int row = LowRankShared.firstRow(dy.rows(), blocks, block);
            for (; row < end; row += LowRankScratch.ROWS) {
              int n = Math.min(LowRankScratch.ROWS, end - row);
              Pack.rows(dy, row, n, 0, dy.columns(), 1, s.rows, 0, width);
              products(s, all.matrix, n, width, rank);
              Pack.copyOut(s.hidden, 0, rank, dHidden, row, n, 0, b.columns());
              loadHidden(hidden, row, n, s, rank);
              outer(s, n, width, rank, all.gradients, gradient);
            }
          }
        });
    addTransposed(all.gradients, blocks, rank, width, scaling, dB);
  }

  void downGradient(
      Tensor x, VectorDropout dropout, Tensor dHidden, Tensor a, Tensor dA, Tensor dxOrNull) {
    int width = Tiles.stride(x.columns());
    int rank = Tiles.paddedRows(a.rows());
    int blocks = LowRankShared.blocks(x.rows());
    LowRankShared all = packed(a, width, rank);
    all.prepare(width * rank, blocks);
    workers.forEach(
        blocks,
        x.size() / blocks * (2 + rank / 2),
        (from, to) -> {
          LowRankScratch s = scratches.get();
          s.prepare(width, rank);
          for (int block = from; block < to; block++) {
            int gradient = block * rank * width;
            Pack.zero(all.gradients, gradient, gradient + rank * width);
            int end = LowRankShared.firstRow(x.rows(), blocks, block + 1);
            int row = LowRankShared.firstRow(x.rows(), blocks, block);
            for (; row < end; row += LowRankScratch.ROWS) {
              int n = Math.min(LowRankScratch.ROWS, end - row);
              drop(x, row, n, dropout, s, width);
              loadHidden(dHidden, row, n, s, rank);
              outer(s, n, width, rank, all.gradients, gradient);
              if (dxOrNull != null) {
                inputGradient(s, all.matrix, row, n, width, rank, dropout, dxOrNull);
              }
            }
          }
        });
    add(all.gradients, blocks, rank, width, dA);
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
      LowRankScratch s, int n, int width, int rank, MemorySegment gradient, int at) {
    for (int j = 0; j < rank; j += Tiles.ROWS) {
      Tiles.multiply(
          s.hidden, j, 1, rank, s.rows, 0, width, n, true, gradient, at + j * width, width, width);
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

  /** {@code dA += sum of the blocks' gradients}. */
  private void add(MemorySegment gradients, int blocks, int rank, int width, Tensor dA) {
    workers.forEach(
        dA.rows(),
        (long) blocks * dA.columns(),
        (from, to) -> {
          for (int j = from; j < to; j++) {
            sumBlocks(gradients, blocks, rank * width, j * width, width);
            long at = (long) j * dA.columns();
            VectorElementwise.add(gradients, j * width, dA.memory(), at, dA.columns());
          }
        });
  }

  /** {@code dB += scaling * (sum of the blocks' gradients)ᵀ}. */
  private void addTransposed(
      MemorySegment gradients, int blocks, int rank, int width, float scaling, Tensor dB) {
    workers.forEach(
        dB.columns(),
        (long) blocks * dB.rows(),
        (from, to) -> {
          for (int j = from; j < to; j++) {
            sumBlocks(gradients, blocks, rank * width, j * width, width);
            for (int o = 0; o < dB.rows(); o++) {
              float gradient = gradients.getAtIndex(Tensor.FLOAT, j * width + o);
              dB.set(o, j, Math.fma(scaling, gradient, dB.get(o, j)));
            }
          }
        });
  }

  /** Adds the same stretch of all further blocks to that of the first, in order. */
  private static void sumBlocks(MemorySegment gradients, int blocks, int size, int at, int n) {
    for (int i = at; i < at + n; i += Lanes.COUNT) {
      FloatVector sum = FloatVector.fromMemorySegment(Lanes.FLOATS, gradients, 4L * i, Lanes.ORDER);
      for (int block = 1; block < blocks; block++) {
        sum =
            sum.add(
                FloatVector.fromMemorySegment(
                    Lanes.FLOATS, gradients, 4L * ((long) block * size + i), Lanes.ORDER));
      }
      sum.intoMemorySegment(gradients, 4L * i, Lanes.ORDER);
    }
  }

  private LowRankShared packed(Tensor a, int width, int rank) {
    LowRankShared all = shared.get();
    all.prepare(width * rank, 0);
    Pack.rows(a, 0, a.rows(), 0, a.columns(), 1, all.matrix, 0, width);
    Pack.zero(all.matrix, a.rows() * width, rank * width);
    return all;
  }

  private LowRankShared transposed(Tensor b, float scaling, int width, int rank, int blocks) {
    LowRankShared all = shared.get();
    all.prepare(width * rank, blocks);
    Pack.transposed(b, scaling, all.matrix, width);
    Pack.zero(all.matrix, b.columns() * width, rank * width);
    return all;
  }

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
