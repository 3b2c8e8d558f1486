package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import jdk.incubator.vector.FloatVector;

/** Copies between windows of tensors and working memory padded to whole vectors and tiles. */
final class Pack {

  /** Rows of a narrow tensor that stay in the first-level cache while their columns are read. */
  private static final int CACHED_ROWS = 256;

  private Pack() {}

  /** Large enough memory, aligned: what was given, or new one of zeros. */
  static MemorySegment atLeast(MemorySegment memory, long floats) {
    return memory.byteSize() >= 4 * floats
        ? memory
        : TensorArena.shared().vector(Math.toIntExact(floats)).memory();
  }

  /** Zeros in {@code [from, to)}. */
  static void zero(MemorySegment memory, long from, long to) {
    memory.asSlice(4 * from, 4 * (to - from)).fill((byte) 0);
  }

  /** Rows {@code [row, row + n)} of a window, times a factor, each padded with zeros to stride. */
  static void rows(
      Tensor from,
      int row,
      int n,
      int column,
      int size,
      float factor,
      MemorySegment to,
      int at,
      int stride) {
    for (int i = 0; i < n; i++) {
      int target = at + i * stride;
      long offset = 4 * ((long) (row + i) * from.stride() + column);
      MemorySegment.copy(from.memory(), offset, to, 4L * target, 4L * size);
      for (int j = target + size; j < target + stride; j++) {
        to.setAtIndex(Tensor.FLOAT, j, 0);
      }
      if (factor != 1) {
        multiply(to, target, stride, factor);
      }
    }
  }

  /**
   * The transpose of a window, in panels of {@link Tiles#WIDTH} rows of it: element {@code (i, d)}
   * goes to {@code panel * size * WIDTH + d * WIDTH + i % WIDTH}. The last panel is padded with
   * zeros.
   */
  static void panels(Tensor from, int row, int n, int column, int size, MemorySegment to) {
    int width = Tiles.WIDTH;
    for (int first = 0; first < n; first += width) {
      int count = Math.min(width, n - first);
      int panel = first * size;
      if (count < width) {
        zero(to, panel, panel + size * width);
      }
      for (int i = 0; i < count; i++) {
        long source = (long) (row + first + i) * from.stride() + column;
        column(from.memory(), source, size, to, panel + i, width);
      }
    }
  }

  /** Lays n elements in a row below each other. */
  private static void column(
      MemorySegment from, long at, int n, MemorySegment to, long target, int stride) {
    long source = NativeMemory.address(from, at, n);
    long element = NativeMemory.address(to, target, (long) (n - 1) * stride + 1);
    for (int i = 0; i < n; i++) {
      float value = NativeMemory.ALL.get(Tensor.FLOAT, source + 4L * i);
      NativeMemory.ALL.set(Tensor.FLOAT, element, value);
      element += 4L * stride;
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }

  /** {@code to[j stride + i] = factor * from(i, j)}; rows of the result padded with zeros. */
  static void transposed(Tensor from, float factor, MemorySegment to, int stride) {
    for (int first = 0; first < from.rows(); first += CACHED_ROWS) {
      int n = Math.min(CACHED_ROWS, from.rows() - first);
      for (int j = 0; j < from.columns(); j++) {
        row(from, first, n, j, factor, to, (long) j * stride + first);
      }
    }
    for (int j = 0; j < from.columns(); j++) {
      zero(to, (long) j * stride + from.rows(), (j + 1L) * stride);
    }
  }

  /** Lays n elements of a column beside each other. */
  private static void row(
      Tensor from, int first, int n, int column, float factor, MemorySegment to, long at) {
    long step = 4L * from.stride();
    long start = (long) first * from.stride() + column;
    long source = NativeMemory.address(from.memory(), start, (n - 1L) * from.stride() + 1);
    long target = NativeMemory.address(to, at, n);
    for (int i = 0; i < n; i++) {
      float value = NativeMemory.ALL.get(Tensor.FLOAT, source + i * step);
      NativeMemory.ALL.set(Tensor.FLOAT, target + 4L * i, factor * value);
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }

  /** Copies the start of padded rows into a window. */
  static void copyOut(
      MemorySegment from, int at, int stride, Tensor to, int row, int n, int column, int size) {
    for (int i = 0; i < n; i++) {
      long offset = 4 * ((long) (row + i) * to.stride() + column);
      MemorySegment.copy(from, 4L * (at + i * stride), to.memory(), offset, 4L * size);
    }
  }

  /** Multiplies n elements, a multiple of the vector length. */
  static void multiply(MemorySegment values, int at, int n, float factor) {
    FloatVector factors = FloatVector.broadcast(Lanes.FLOATS, factor);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector product =
          FloatVector.fromMemorySegment(Lanes.FLOATS, values, 4L * (at + i), Lanes.ORDER)
              .mul(factors);
      product.intoMemorySegment(values, 4L * (at + i), Lanes.ORDER);
    }
  }
}
