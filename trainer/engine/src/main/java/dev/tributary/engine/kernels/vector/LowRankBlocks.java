package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import jdk.incubator.vector.FloatVector;

/**
 * What a caller of a low-rank operation shares with its workers: the small matrix, its rows padded
 * to whole vectors, and the gradients of blocks of rows before they are added up in order. Grows
 * and stays.
 */
final class LowRankBlocks {

  /** Fewest rows of a block: gradients of blocks cost memory. */
  private static final int FEWEST_ROWS = 32;

  private static final int MOST_BLOCKS = 16;

  /** Columns of the small matrix whose gradient is added up at a time. */
  private static final int STRETCH = 256;

  private MemorySegment matrix = MemorySegment.NULL;
  private MemorySegment gradients = MemorySegment.NULL;
  private int rank;
  private int columns;
  private int width;
  private int rows;
  private int blocks;

  /** {@code [rank, columns]}, rows {@link #width} apart. */
  MemorySegment matrix() {
    return matrix;
  }

  /** Rows of the matrix, whole tiles; those behind the small matrix's own are zeros. */
  int rank() {
    return rank;
  }

  /** Columns of the matrix, whole vectors. */
  int columns() {
    return columns;
  }

  /** Floats from one row of the matrix, and of all working memory, to the next. */
  int width() {
    return width;
  }

  /** Of all blocks: {@code [rank, columns]} each. */
  MemorySegment gradients() {
    return gradients;
  }

  /** Takes {@code [rank, columns]} in. */
  void take(Tensor a) {
    shape(a.rows(), a.columns());
    Pack.rows(a, 0, a.rows(), 0, a.columns(), 1, matrix, 0, width);
    Pack.zero(matrix, (long) a.rows() * width, (long) rank * width);
  }

  /** Takes the transpose of {@code [columns, rank]} in, times a factor. */
  void takeTransposed(Tensor b, float factor) {
    shape(b.columns(), b.rows());
    Pack.transposed(b, factor, matrix, width);
    Pack.zero(matrix, (long) b.columns() * width, (long) rank * width);
  }

  private void shape(int matrixRows, int matrixColumns) {
    rank = Tiles.paddedRows(matrixRows);
    columns = Lanes.padded(matrixColumns);
    width = Tiles.stride(matrixColumns);
    matrix = Pack.atLeast(matrix, (long) rank * width);
  }

  /** Cuts rows into blocks, which depend on their number only, so that sums do too. */
  int cut(int newRows) {
    rows = newRows;
    blocks = Math.clamp((rows + FEWEST_ROWS - 1) / FEWEST_ROWS, 1, MOST_BLOCKS);
    gradients = Pack.atLeast(gradients, (long) blocks * rank * width);
    return blocks;
  }

  /** First row of a block, a multiple of what is worked on at a time. */
  int firstRow(int block) {
    int each = (rows + blocks - 1) / blocks;
    int whole = (each + LowRankScratch.ROWS - 1) / LowRankScratch.ROWS * LowRankScratch.ROWS;
    return Math.min(rows, block * whole);
  }

  /** Where a block's gradient begins, which is zeros now. */
  long startGradient(int block) {
    long start = gradient(block);
    Pack.zero(gradients, start, gradient(block + 1));
    return start;
  }

  private long gradient(int block) {
    return (long) block * rank * width;
  }

  /** {@code dA += sum of the blocks' gradients}. */
  void addTo(Workers workers, Tensor dA) {
    workers.forEach(
        dA.rows(),
        (long) blocks * dA.columns(),
        (from, to) -> {
          for (int j = from; j < to; j++) {
            long row = (long) j * width;
            sumBlocks(row, columns);
            long target = (long) j * dA.columns();
            VectorElementwise.add(gradients, row, dA.memory(), target, dA.columns());
          }
        });
  }

  /** {@code dB += factor * (sum of the blocks' gradients)ᵀ}. */
  void addTransposedTo(Workers workers, float factor, Tensor dB) {
    workers.forEach(
        (dB.rows() + STRETCH - 1) / STRETCH,
        (long) blocks * STRETCH * dB.columns(),
        (from, to) -> {
          int first = from * STRETCH;
          int end = Math.min(to * STRETCH, dB.rows());
          for (int j = 0; j < dB.columns(); j++) {
            long row = (long) j * width + first;
            sumBlocks(row, Lanes.padded(end - first));
            addColumn(factor, gradients, row, end - first, dB, first, j);
          }
        });
  }

  /** Adds the same stretch of all further blocks to that of the first, in order. */
  private void sumBlocks(long at, int n) {
    long first = NativeMemory.address(gradients, at, gradient(blocks - 1) + n);
    long size = 4 * gradient(1);
    for (long i = first; i < first + 4L * n; i += 4L * Lanes.COUNT) {
      FloatVector sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, i, Lanes.ORDER);
      for (int block = 1; block < blocks; block++) {
        sum =
            sum.add(
                FloatVector.fromMemorySegment(
                    Lanes.FLOATS, NativeMemory.ALL, i + block * size, Lanes.ORDER));
      }
      sum.intoMemorySegment(NativeMemory.ALL, i, Lanes.ORDER);
    }
    Reference.reachabilityFence(gradients);
  }

  /** {@code b[first + i, column] += factor * values[at + i]}. */
  private static void addColumn(
      float factor, MemorySegment values, long at, int n, Tensor b, int first, int column) {
    int columns = b.columns();
    long source = NativeMemory.address(values, at, n);
    long start = (long) first * columns + column;
    long target = NativeMemory.address(b.memory(), start, (n - 1L) * columns + 1);
    for (int i = 0; i < n; i++) {
      long element = target + 4L * i * columns;
      float value = NativeMemory.ALL.get(Tensor.FLOAT, source + 4L * i);
      float old = NativeMemory.ALL.get(Tensor.FLOAT, element);
      NativeMemory.ALL.set(Tensor.FLOAT, element, Math.fma(factor, value, old));
    }
    Reference.reachabilityFence(values);
    Reference.reachabilityFence(b);
  }
}
