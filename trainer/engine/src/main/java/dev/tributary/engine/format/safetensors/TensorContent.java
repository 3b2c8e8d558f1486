package dev.tributary.engine.format.safetensors;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What is written as one tensor of a file: its shape, and its values a piece at a time. */
public interface TensorContent {

  /** Dimensions, outermost first; empty for a scalar. */
  int[] shape();

  /**
   * Copies values in row-major order.
   *
   * @param from the first one
   * @param count how many, at most {@code target.length}
   */
  void copy(long from, float[] target, int count);

  /** The product of the dimensions. */
  default long elements() {
    return Arrays.stream(shape()).asLongStream().reduce(1, Math::multiplyExact);
  }

  /** A contiguous tensor where it lies: nothing of it is copied until it is written. */
  static TensorContent of(Tensor tensor, int... shape) {
    return new TensorContent() {
      @Override
      public int[] shape() {
        return shape;
      }

      @Override
      public void copy(long from, float[] target, int count) {
        MemorySegment.copy(tensor.memory(), Tensor.FLOAT, 4 * from, target, 0, count);
      }
    };
  }
}
