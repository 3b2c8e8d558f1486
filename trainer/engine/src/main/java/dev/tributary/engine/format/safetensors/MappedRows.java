package dev.tributary.engine.format.safetensors;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of weights where it lies in a file. Safe for any number of threads; it stays mapped as
 * long as it is referred to.
 */
public final class MappedRows {

  /** Rows read before their pages are let go of: a few MB. */
  private static final int ROWS = 64;

  private final MemorySegment memory;
  private final Dtype dtype;

  MappedRows(MemorySegment memory, Dtype dtype) {
    this.memory = memory;
    this.dtype = dtype;
  }

  /**
   * {@code x[i, :] = tensor[rows[i], :]}, where the tensor has as many columns as x. A page that is
   * read brings its neighbours into memory, so all are let go of every now and then: they stay in
   * the system's cache.
   */
  public void readRows(int[] rows, Tensor x) {
    int columns = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      long from = (long) rows[i] * columns;
      dtype.toFloats(memory, from, x.memory(), (long) i * x.stride(), columns);
      if (i % ROWS == ROWS - 1) {
        memory.unload();
      }
    }
    memory.unload();
  }
}
