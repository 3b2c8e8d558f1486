package dev.tributary.engine.format.safetensors;

import java.util.Arrays;

/**
 * A tensor as it stands in a file: row-major values with their shape.
 *
 * @param shape its dimensions, outermost first; empty for a scalar
 * @param values as many as the product of the dimensions
 */
public record TensorData(int[] shape, float[] values) implements TensorContent {

  public TensorData {
    long elements = 1;
    for (int dimension : shape) {
      elements = Math.multiplyExact(elements, dimension);
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          "%d values do not fill the shape %s".formatted(values.length, Arrays.toString(shape)));
    }
  }

  /** For a matrix: {@code [rows, columns]}. */
  public static TensorData of(float[] values, int... shape) {
    return new TensorData(shape, values);
  }

  @Override
  public void copy(long from, float[] target, int count) {
    System.arraycopy(values, Math.toIntExact(from), target, 0, count);
  }
}
