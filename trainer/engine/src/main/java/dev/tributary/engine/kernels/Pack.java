package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Copies between windows of tensors and heap arrays padded to whole vectors and tiles. */
final class Pack {

  private Pack() {}

  /** A large enough array: the given one, or a new one. */
  static float[] atLeast(float[] array, int size) {
    return array.length >= size ? array : new float[size];
  }

  /** Rows {@code [row, row + n)} of a window, times a factor, each padded with zeros to stride. */
  static void rows(
      Tensor from,
      int row,
      int n,
      int column,
      int size,
      float factor,
      float[] to,
      int at,
      int stride) {
    for (int i = 0; i < n; i++) {
      int target = at + i * stride;
      long offset = 4 * ((long) (row + i) * from.stride() + column);
      MemorySegment.copy(from.memory(), Tensor.FLOAT, offset, to, target, size);
      Arrays.fill(to, target + size, target + stride, 0);
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
  static void panels(Tensor from, int row, int n, int column, int size, float[] to) {
    int width = Tiles.WIDTH;
    for (int first = 0; first < n; first += width) {
      int count = Math.min(width, n - first);
      int panel = first * size;
      if (count < width) {
        Arrays.fill(to, panel, panel + size * width, 0);
      }
      for (int i = 0; i < count; i++) {
        long source = (long) (row + first + i) * from.stride() + column;
        for (int d = 0; d < size; d++) {
          to[panel + d * width + i] = from.memory().getAtIndex(Tensor.FLOAT, source + d);
        }
      }
    }
  }

  /** {@code to[j stride + i] = factor * from(i, j)}; rows of the result padded with zeros. */
  static void transposed(Tensor from, float factor, float[] to, int stride) {
    for (int i = 0; i < from.rows(); i++) {
      for (int j = 0; j < from.columns(); j++) {
        to[j * stride + i] = factor * from.get(i, j);
      }
    }
    for (int j = 0; j < from.columns(); j++) {
      Arrays.fill(to, j * stride + from.rows(), (j + 1) * stride, 0);
    }
  }

  /** Copies the start of padded rows into a window. */
  static void copyOut(
      float[] from, int at, int stride, Tensor to, int row, int n, int column, int size) {
    for (int i = 0; i < n; i++) {
      long offset = 4 * ((long) (row + i) * to.stride() + column);
      MemorySegment.copy(from, at + i * stride, to.memory(), Tensor.FLOAT, offset, size);
    }
  }

  private static void multiply(float[] values, int at, int n, float factor) {
    FloatVector factors = FloatVector.broadcast(Lanes.FLOATS, factor);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.FLOATS, values, at + i).mul(factors).intoArray(values, at + i);
    }
  }
}
