package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;

/** A matrix in a file, of which a few rows are read at a time. Safe for any number of threads. */
@FunctionalInterface
public interface StoredRows {

  /** {@code x[i, :] = matrix[rows[i], :]} for the rows of x, as float32. */
  void read(int[] rows, Tensor x);
}
