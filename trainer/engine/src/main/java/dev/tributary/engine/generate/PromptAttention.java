package dev.tributary.engine.generate;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.model.AttentionPattern;
import dev.tributary.engine.tensor.Tensor;

/**
 * Attention inside packed prompts, whose keys and values go to any slots of the cache; or of a
 * further piece of one long prompt, over the pieces before it. For one thread.
 */
final class PromptAttention implements AttentionPattern {

  private final Kernels kernels;
  private final AttentionShape shape;
  private final KeyValueCache cache;
  private final PassTokens pass;
  private final int[] slots;
  private final int[] bounds = new int[2];
  private final int[] past = new int[1];

  /**
   * @param slots of the texts of the pass
   */
  PromptAttention(
      Kernels kernels, AttentionShape shape, KeyValueCache cache, PassTokens pass, int[] slots) {
    this.kernels = kernels;
    this.shape = shape;
    this.cache = cache;
    this.pass = pass;
    this.slots = slots;
  }

  @Override
  public void attend(int layer, Tensor qkv, Tensor logSumExp, Tensor out) {
    for (int s = 0; s < pass.sequences(); s++) {
      bounds[0] = pass.starts()[s];
      bounds[1] = pass.starts()[s + 1];
      past[0] = pass.past()[s];
      KeyValueRows rows = cache.layer(layer, slots[s]);
      kernels.cacheKeysAndValues(shape, qkv, bounds, 1, past, rows);
      if (past[0] > 0) {
        kernels.cachedAttention(shape, qkv, bounds, 1, past, rows, out);
      }
    }
    if (pass.past()[0] == 0) {
      kernels.attention(shape, qkv, pass.starts(), pass.sequences(), logSumExp, out);
    }
  }
}
