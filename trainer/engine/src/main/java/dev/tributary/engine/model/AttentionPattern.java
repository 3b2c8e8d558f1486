package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;

/** Which tokens see which: inside packed sequences, or over a cache of earlier ones. */
@FunctionalInterface
public interface AttentionPattern {

  /**
   * @param qkv {@code [n, 3 width]}
   * @param logSumExp {@code [n, heads]}, for a backward pass
   * @param out {@code [n, width]}
   */
  void attend(int layer, Tensor qkv, Tensor logSumExp, Tensor out);
}
