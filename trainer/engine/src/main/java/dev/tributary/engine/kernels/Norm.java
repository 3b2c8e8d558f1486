package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * A normalisation of groups of {@code scale.columns()} neighbouring elements: of whole rows, or of
 * each attention head apart.
 *
 * @param scale {@code [1, group]}
 * @param shiftOrNull {@code [1, group]}; with it, the group's mean is taken off first (<a
 *     href="https://arxiv.org/abs/1607.06450">LayerNorm</a>), without it, not (<a
 *     href="https://arxiv.org/abs/1910.07467">RMSNorm</a>)
 * @param epsilon added to the variance or mean square
 */
public record Norm(Tensor scale, Tensor shiftOrNull, double epsilon) {

  /** Takes off the mean. */
  public boolean centred() {
    return shiftOrNull != null;
  }

  /** Elements normalised together. */
  public int group() {
    return scale.columns();
  }
}
