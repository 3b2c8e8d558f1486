package dev.tributary.engine.generate;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.model.AttentionPattern;
import dev.tributary.engine.tensor.Tensor;

/** Attention of the newest token of every text in the cache: text s of the pass has slot s. */
record DecodeAttention(Kernels kernels, AttentionShape shape, KeyValueCache cache, PassTokens pass)
    implements AttentionPattern {

  @Override
  public void attend(int layer, Tensor qkv, Tensor logSumExp, Tensor out) {
    KeyValueRows rows = cache.layer(layer);
    kernels.cacheKeysAndValues(shape, qkv, pass.starts(), pass.sequences(), pass.past(), rows);
    kernels.cachedAttention(shape, qkv, pass.starts(), pass.sequences(), pass.past(), rows, out);
  }
}
