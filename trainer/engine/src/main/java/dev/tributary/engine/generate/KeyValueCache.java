package dev.tributary.engine.generate;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.AttentionPattern;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of the tokens so far, one pair of matrices a layer. For one text at a time. */
final class KeyValueCache implements AttentionPattern {

  private final Kernels kernels;
  private final int heads;
  private final List<Tensor> keys = new ArrayList<>();
  private final List<Tensor> values = new ArrayList<>();
  private final int[] promptBounds = new int[2];
  private int length;

  KeyValueCache(ModelConfig config, Kernels kernels, TensorArena arena, int capacity) {
    this.kernels = kernels;
    this.heads = config.heads();
    for (int layer = 0; layer < config.layers(); layer++) {
      keys.add(arena.tensor(capacity, config.width()));
      values.add(arena.tensor(capacity, config.width()));
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
    kernels.cacheKeysAndValues(qkv, length, keys.get(layer), values.get(layer));
    if (length == 0) {
      promptBounds[1] = qkv.rows();
      kernels.attention(qkv, promptBounds, 1, heads, logSumExp, out);
    } else {
      kernels.cachedAttention(qkv, length, heads, keys.get(layer), values.get(layer), out);
    }
  }
}
