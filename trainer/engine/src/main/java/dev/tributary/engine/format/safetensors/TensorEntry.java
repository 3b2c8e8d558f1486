package dev.tributary.engine.format.safetensors;

import java.util.Arrays;

/**
 * One line of a safetensors header.
 *
 * @param shape dimensions, outermost first
 * @param begin first byte, counted from the end of the header
 * @param end one past the last byte
 */
public record TensorEntry(String name, Dtype dtype, long[] shape, long begin, long end) {

  /** Number of elements; the header was checked to hold just so many. */
  public long elements() {
    return (end - begin) / dtype.bytes();
  }

  public boolean hasShape(int... expected) {
    return Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray());
  }

  @Override
  public String toString() {
    return "%s %s%s".formatted(name, dtype, Arrays.toString(shape));
  }
}
