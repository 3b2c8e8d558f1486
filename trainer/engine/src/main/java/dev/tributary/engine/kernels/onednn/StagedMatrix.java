package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.vector.Bfloat16;
import dev.tributary.engine.kernels.vector.ScaledCopy;
import dev.tributary.engine.kernels.vector.Workers;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * A copy of some rows of a tensor, or some of their columns, times a factor, in the type a product
 * reads, with rows of zeros below where its shape wants more. For one product at a time.
 */
final class StagedMatrix implements Workers.Task {

  /** Rows start on a cache line. */
  private static final int LINE = 64;

  /** Rows so many bytes apart, or a multiple, fall on the same few lines of the cache. */
  private static final int PAGE = 4096;

  private final ScratchMemory scratch = new ScratchMemory();
  private MemorySegment memory;
  private Tensor source;
  private int firstRow;
  private int firstColumn;
  private int columns;
  private float alpha;
  private int type;
  private long rowBytes;

  /**
   * Copies rows {@code [first, first + count)}.
   *
   * @param paddedCount rows there will be, at least count
   */
  void stage(
      Workers workers, Tensor from, int first, int count, int paddedCount, float factor, int to) {
    stage(workers, from, first, count, 0, from.columns(), paddedCount, factor, to);
  }

  /** The same, of {@code width} columns from {@code column} on. */
  void stage(
      Workers workers,
      Tensor from,
      int first,
      int count,
      int column,
      int width,
      int paddedCount,
      float factor,
      int to) {
    source = from;
    firstRow = first;
    firstColumn = column;
    columns = width;
    alpha = factor;
    type = to;
    rowBytes = ((long) width * bytesPerElement(to) + LINE - 1) / LINE * LINE;
    if (rowBytes % PAGE == 0) {
      rowBytes += LINE;
    }
    memory = scratch.ofBytes(Math.max(LINE, paddedCount * rowBytes));
    workers.forEach(count, width, this);
    if (paddedCount > count) {
      memory.asSlice(count * rowBytes, (paddedCount - count) * rowBytes).fill((byte) 0);
    }
    source = null;
  }

  @Override
  public void run(int from, int to) {
    for (int i = from; i < to; i++) {
      long at = (long) (firstRow + i) * source.stride() + firstColumn;
      if (type == OneDnn.BFLOAT16) {
        Bfloat16.convert(source.memory(), at, alpha, memory, i * rowBytes, columns);
      } else {
        ScaledCopy.floats(source.memory(), at, alpha, memory, i * rowBytes / 4, columns);
      }
    }
  }

  long address() {
    return memory.address();
  }

  /** Elements from one row to the next. */
  long stride() {
    return rowBytes / bytesPerElement(type);
  }

  /** Whether the columns of a float32 tensor push each other out of the cache where it lies. */
  static boolean isWorthACopy(Tensor tensor) {
    return 4L * tensor.stride() % PAGE == 0;
  }

  static int bytesPerElement(int type) {
    return type == OneDnn.BFLOAT16 ? 2 : 4;
  }
}
