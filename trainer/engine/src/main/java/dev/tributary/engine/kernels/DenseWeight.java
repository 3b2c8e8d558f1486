package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * A float32 matrix and how it lies in memory.
 *
 * @param values {@code [in, out]} or {@code [out, in]}
 * @param layout which of the two
 */
public record DenseWeight(Tensor values, Layout layout) implements Weight {

  /** The order of the two axes. */
  public enum Layout {
    /** {@code [in, out]}: GPT-2's {@code Conv1D}. */
    IN_OUT,
    /** {@code [out, in]}: PyTorch's {@code Linear}, and a token embedding used as head. */
    OUT_IN
  }

  /** A weight of kernels whose {@link Kernels#freeze} gives back what it was given. */
  public static DenseWeight of(Weight weight) {
    if (weight instanceof DenseWeight dense) {
      return dense;
    }
    throw new IllegalArgumentException("a weight in a form that only other kernels know");
  }

  public static DenseWeight inOut(Tensor values) {
    return new DenseWeight(values, Layout.IN_OUT);
  }

  public static DenseWeight outIn(Tensor values) {
    return new DenseWeight(values, Layout.OUT_IN);
  }

  @Override
  public int inputs() {
    return layout == Layout.IN_OUT ? values.rows() : values.columns();
  }

  @Override
  public int outputs() {
    return layout == Layout.IN_OUT ? values.columns() : values.rows();
  }

  public boolean isOutIn() {
    return layout == Layout.OUT_IN;
  }
}
