package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * The matrix of a linear layer and how it lies in memory.
 *
 * @param values {@code [in, out]} or {@code [out, in]}
 * @param layout which of the two
 */
public record Weight(Tensor values, Layout layout) {

  /** The order of the two axes. */
  public enum Layout {
    /** {@code [in, out]}: GPT-2's {@code Conv1D}. */
    IN_OUT,
    /** {@code [out, in]}: PyTorch's {@code Linear}, and a token embedding used as head. */
    OUT_IN
  }

  public static Weight inOut(Tensor values) {
    return new Weight(values, Layout.IN_OUT);
  }

  public static Weight outIn(Tensor values) {
    return new Weight(values, Layout.OUT_IN);
  }

  public int inputs() {
    return layout == Layout.IN_OUT ? values.rows() : values.columns();
  }

  public int outputs() {
    return layout == Layout.IN_OUT ? values.columns() : values.rows();
  }

  public boolean isOutIn() {
    return layout == Layout.OUT_IN;
  }
}
