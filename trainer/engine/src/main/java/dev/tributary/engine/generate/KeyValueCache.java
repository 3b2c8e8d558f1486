package dev.tributary.engine.generate;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.model.AttentionPattern;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of the tokens so far, one pair of matrices a layer. For one text at a time. */
final class KeyValueCache implements AttentionPattern {

  private final Kernels kernels;
  private final AttentionShape shape;
  private final List<KeyValueRows> layers = new ArrayList<>();
  private final int[] bounds = new int[2];
  private final int[] past = new int[1];
  private int length;

  KeyValueCache(ModelConfig config, Kernels kernels, TensorArena arena, int capacity) {
    this.kernels = kernels;
    this.shape = config.attention();
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(
          new KeyValueRows(
              arena.tensor(capacity, shape.keyValueWidth()),
              arena.tensor(capacity, shape.keyValueWidth()),
              capacity));
    }
  }

  /** Tokens in the cache. */
  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Counts tokens that went through all layers. */
  void advance(int tokens) {
    length += tokens;
  }

  @Override
  public void attend(int layer, Tensor qkv, Tensor logSumExp, Tensor out) {
    bounds[1] = qkv.rows();
    past[0] = length;
    kernels.cacheKeysAndValues(shape, qkv, bounds, 1, past, layers.get(layer));
    if (length == 0) {
      kernels.attention(shape, qkv, bounds, 1, logSumExp, out);
    } else {
      kernels.cachedAttention(shape, qkv, bounds, 1, past, layers.get(layer), out);
    }
  }
}
