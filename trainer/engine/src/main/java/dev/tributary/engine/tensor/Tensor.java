package dev.tributary.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A row-major float32 matrix {@code [rows, columns]} on native memory; a vector is one row.
 *
 * <p>A tensor is a window: {@link #slice} and {@link #columns(int, int)} share memory with their
 * parent, and the memory lives as long as the {@link TensorArena} it came from. A window on some of
 * the columns has a {@link #stride} larger than its width; operations take such windows only where
 * they say so. Reading from several threads is safe; whoever writes must be the only one to touch
 * the memory.
 */
public final class Tensor {

  /** Float32 in the machine's byte order, as the kernels and BLAS read it. */
  public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final MemorySegment memory;
  private final int rows;
  private final int columns;
  private final int stride;

  /**
   * @param memory at least {@code rows * columns} floats
   */
  public Tensor(MemorySegment memory, int rows, int columns) {
    this(memory, rows, columns, columns);
  }

  private Tensor(MemorySegment memory, int rows, int columns, int stride) {
    if (rows < 0 || columns < 0 || memory.byteSize() < 4 * extent(rows, columns, stride)) {
      throw new IllegalArgumentException(
          "a [%d, %d] tensor does not fit in %d bytes".formatted(rows, columns, memory.byteSize()));
    }
    this.memory = memory;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
  }

  /** Floats from the first element to the last. */
  private static long extent(int rows, int columns, int stride) {
    return rows == 0 ? 0 : (long) (rows - 1) * stride + columns;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** Floats from one row to the next; at least {@link #columns()}. */
  public int stride() {
    return stride;
  }

  /** Whether the rows follow each other without a gap, so that a flat index makes sense. */
  public boolean isContiguous() {
    return stride == columns || rows <= 1;
  }

  /** The number of elements. */
  public long size() {
    return (long) rows * columns;
  }

  public MemorySegment memory() {
    return memory;
  }

  /** The element at a flat row-major index of a contiguous tensor. */
  public float get(long index) {
    return memory.getAtIndex(FLOAT, index);
  }

  public float get(int row, int column) {
    return memory.getAtIndex(FLOAT, (long) row * stride + column);
  }

  public void set(long index, float value) {
    memory.setAtIndex(FLOAT, index, value);
  }

  public void set(int row, int column, float value) {
    memory.setAtIndex(FLOAT, (long) row * stride + column, value);
  }

  /** Rows {@code [from, from + count)}, on the same memory. */
  public Tensor slice(int from, int count) {
    if (from < 0 || count < 0 || from + count > rows) {
      throw new IndexOutOfBoundsException(
          "rows [%d, %d) of a tensor with %d rows".formatted(from, from + count, rows));
    }
    long offset = count == 0 ? 0 : (long) from * stride;
    long size = extent(count, columns, stride);
    return new Tensor(memory.asSlice(4 * offset, 4 * size), count, columns, stride);
  }

  /** Columns {@code [from, from + count)} of every row, on the same memory. */
  public Tensor columns(int from, int count) {
    if (from < 0 || count < 0 || from + count > columns) {
      throw new IndexOutOfBoundsException(
          "columns [%d, %d) of a tensor with %d".formatted(from, from + count, columns));
    }
    long offset = rows == 0 ? 0 : from;
    long size = extent(rows, count, stride);
    return new Tensor(memory.asSlice(4 * offset, 4 * size), rows, count, stride);
  }

  public void copyFrom(Tensor other) {
    requireSameShape(other);
    requireContiguous();
    other.requireContiguous();
    MemorySegment.copy(other.memory, 0, memory, 0, 4 * size());
  }

  public void copyFrom(float[] values) {
    if (values.length != size()) {
      throw new IllegalArgumentException(
          "%d values for a tensor of %d".formatted(values.length, size()));
    }
    requireContiguous();
    MemorySegment.copy(values, 0, memory, FLOAT, 0, values.length);
  }

  /** A copy on the Java heap, for tests, messages and small exports. */
  public float[] toArray() {
    requireContiguous();
    return memory.asSlice(0, 4 * size()).toArray(FLOAT);
  }

  public void zero() {
    requireContiguous();
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

  private void requireContiguous() {
    if (!isContiguous()) {
      throw new IllegalArgumentException(
          this + " is a window on some columns of a wider tensor; use the whole");
    }
  }

  @Override
  public String toString() {
    return "[" + rows + ", " + columns + "]";
  }
}
