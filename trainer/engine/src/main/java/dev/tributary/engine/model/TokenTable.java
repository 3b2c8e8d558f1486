package dev.tributary.engine.model;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.tensor.Tensor;

/** A token embedding {@code [vocabulary, width]}, of which a pass reads a few rows. */
public sealed interface TokenTable {

  /** {@code x[i, :] = table[tokens[i], :]} for the rows of x. */
  void embed(Kernels kernels, int[] tokens, Tensor x);

  /** A table under training, or its gradient. */
  Tensor dense();

  /** Float32 in memory: under training, or where the head needs it so too. */
  record Dense(Tensor values) implements TokenTable {

    @Override
    public void embed(Kernels kernels, int[] tokens, Tensor x) {
      kernels.embed(tokens, values, false, x);
    }

    @Override
    public Tensor dense() {
      return values;
    }
  }

  /** Where it lies in a file: only what is read takes memory. */
  record Stored(StoredRows rows) implements TokenTable {

    @Override
    public void embed(Kernels kernels, int[] tokens, Tensor x) {
      rows.read(tokens, x);
    }

    @Override
    public Tensor dense() {
      throw new IllegalStateException("a table in a file is never trained");
    }
  }
}
