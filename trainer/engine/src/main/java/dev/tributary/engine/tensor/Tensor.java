package dev.tributary.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A row-major float32 matrix {@code [rows, columns]} on native memory; a vector is one row.
 *
 * <p>A tensor is a window: {@link #slice} shares memory with its parent, and the memory lives as
 * long as the {@link TensorArena} it came from. Reading from several threads is safe; whoever
 * writes must be the only one to touch the memory.
 */
public final class Tensor {

  /** Float32 in the machine's byte order, as the kernels and BLAS read it. */
  public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final MemorySegment memory;
  private final int rows;
  private final int columns;

  /**
   * @param memory at least {@code rows * columns} floats
   */
  public Tensor(MemorySegment memory, int rows, int columns) {
    if (rows < 0 || columns < 0 || memory.byteSize() < 4L * rows * columns) {
      throw new IllegalArgumentException(
          "a [%d, %d] tensor does not fit in %d bytes".formatted(rows, columns, memory.byteSize()));
    }
    this.memory = memory;
    this.rows = rows;
    this.columns = columns;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** The number of elements. */
  public long size() {
    return (long) rows * columns;
  }

  public MemorySegment memory() {
    return memory;
  }

  /** The element at a flat row-major index. */
  public float get(long index) {
    return memory.getAtIndex(FLOAT, index);
  }

  public float get(int row, int column) {
    return memory.getAtIndex(FLOAT, (long) row * columns + column);
  }

  public void set(long index, float value) {
    memory.setAtIndex(FLOAT, index, value);
  }

  public void set(int row, int column, float value) {
    memory.setAtIndex(FLOAT, (long) row * columns + column, value);
  }

  /** Rows {@code [from, from + count)}, on the same memory. */
  public Tensor slice(int from, int count) {
    if (from < 0 || count < 0 || from + count > rows) {
      throw new IndexOutOfBoundsException(
          "rows [%d, %d) of a tensor with %d rows".formatted(from, from + count, rows));
    }
    return new Tensor(memory.asSlice(4L * from * columns, 4L * count * columns), count, columns);
  }

  public void copyFrom(Tensor other) {
    requireSameShape(other);
    MemorySegment.copy(other.memory, 0, memory, 0, 4 * size());
  }

  public void copyFrom(float[] values) {
    if (values.length != size()) {
      throw new IllegalArgumentException(
          "%d values for a tensor of %d".formatted(values.length, size()));
    }
    MemorySegment.copy(values, 0, memory, FLOAT, 0, values.length);
  }

  /** A copy on the Java heap, for tests, messages and small exports. */
  public float[] toArray() {
    return memory.asSlice(0, 4 * size()).toArray(FLOAT);
  }

  public void zero() {
    memory.asSlice(0, 4 * size()).fill((byte) 0);
  }

  public boolean sameShape(Tensor other) {
    return rows == other.rows && columns == other.columns;
  }

  private void requireSameShape(Tensor other) {
    if (!sameShape(other)) {
      throw new IllegalArgumentException(this + " and " + other + " have different shapes");
    }
  }

  @Override
  public String toString() {
    return "[" + rows + ", " + columns + "]";
  }
}
