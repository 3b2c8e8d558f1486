package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.tensor.OutOfNativeMemoryException;
import dev.tributary.engine.tensor.TensorArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A matrix {@code [inner, columns]} in bfloat16 or float32, packed for products, in slices of
 * columns that threads share. The memory lives as long as the matrix.
 */
final class PackedMatrix {

  private final int inner;
  private final int columns;
  private final int sliceColumns;
  private final PackedLayout wide;
  private final PackedLayout last;
  private final MemorySegment memory;

  /** A matrix of undefined content. */
  PackedMatrix(int inner, int columns, int sliceColumns, PackedLayouts layouts) {
    this.inner = inner;
    this.columns = columns;
    this.sliceColumns = Math.min(sliceColumns, columns);
    wide = layouts.of(inner, this.sliceColumns);
    last = layouts.of(inner, columns(slices() - 1));
    long bytes = offset(slices() - 1) + last.bytes();
    try {
      memory = Arena.ofAuto().allocate(bytes, TensorArena.ALIGNMENT);
    } catch (OutOfMemoryError e) {
      throw new OutOfNativeMemoryException(
          "packing a weight of [%d, %d]".formatted(inner, columns), bytes, e);
    }
  }

  /** Of its elements. */
  int type() {
    return wide.type();
  }

  int inner() {
    return inner;
  }

  int columns() {
    return columns;
  }

  /** Of every slice but the last, which may have fewer. */
  int sliceColumns() {
    return sliceColumns;
  }

  /** Of that slice. */
  int columns(int slice) {
    return Math.min(sliceColumns, columns - slice * sliceColumns);
  }

  int slices() {
    return (columns + sliceColumns - 1) / sliceColumns;
  }

  long layout(int slice) {
    return (slice == slices() - 1 ? last : wide).description();
  }

  long address(int slice) {
    return memory.address() + offset(slice);
  }

  /** All panels, one after another. */
  MemorySegment memory() {
    return memory;
  }

  /** Where a panel begins in the memory. */
  long panel(int index) {
    return index * (wide.bytes() / PackedLayout.panels(sliceColumns));
  }

  private long offset(int slice) {
    return slice * wide.bytes();
  }
}
