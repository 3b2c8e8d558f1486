package dev.tributary.engine.generate;

import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of the tokens so far, for several texts: each has a slot, numbered from 0. Memory
 * grows when more or longer texts come than before, lengths by doubling, up to what was planned.
 * For one thread.
 */
final class KeyValueCache implements AutoCloseable {

  private static final int FEWEST_TOKENS = 64;

  private final int width;
  private final int layers;
  private final int maxSlots;
  private final int maxTokens;
  private final long maxBytes;
  private final List<Layer> all = new ArrayList<>();
  private int slots;
  private int capacity;

  /**
   * @param maxSlots most texts
   * @param maxTokens most tokens of one text
   * @param maxBytes most memory for more than one text
   */
  KeyValueCache(ModelConfig config, int maxSlots, int maxTokens, long maxBytes) {
    this.width = config.attention().keyValueWidth();
    this.layers = config.layers();
    this.maxSlots = maxSlots;
    this.maxTokens = maxTokens;
    this.maxBytes = maxBytes;
  }

  /** Whether so many texts may become so long, all slots being of one size. One always may. */
  boolean allows(int texts, int tokens) {
    long bytesPerToken = 2L * Float.BYTES * width * layers;
    return texts == 1 || texts * (tokens * bytesPerToken) <= maxBytes;
  }

  /**
   * Makes room; what is in the cache stays.
   *
   * @param mostTokens that a text can come to have, beyond which there is no point in doubling
   */
  void reserve(int neededSlots, int neededTokens, int mostTokens) {
    if (neededSlots > maxSlots || neededTokens > maxTokens) {
      throw new IllegalArgumentException(
          "%d texts of %d tokens; planned are %d of %d"
              .formatted(neededSlots, neededTokens, maxSlots, maxTokens));
    }
    if (neededSlots > slots || neededTokens > capacity) {
      int most = Math.min(maxTokens, mostTokens);
      int doubled = Math.min(most, Math.max(FEWEST_TOKENS, 2 * capacity));
      grow(
          Math.max(neededSlots, slots),
          neededTokens > capacity ? Math.max(neededTokens, doubled) : capacity);
    }
  }

  /** Layer by layer, so that only one is there twice. */
  private void grow(int newSlots, int newCapacity) {
    for (int layer = 0; layer < layers; layer++) {
      Layer grown = Layer.plan(newSlots, newCapacity, width);
      if (layer < all.size()) {
        Layer old = all.get(layer);
        for (int slot = 0; slot < slots; slot++) {
          copy(old.rows(), slot, grown.rows(), slot, capacity);
        }
        old.arena().close();
        all.set(layer, grown);
      } else {
        all.add(grown);
      }
    }
    slots = newSlots;
    capacity = newCapacity;
  }

  /** All slots of a layer. */
  KeyValueRows layer(int layer) {
    return all.get(layer).rows();
  }

  /** One slot of a layer, as if it were the first. */
  KeyValueRows layer(int layer, int slot) {
    KeyValueRows rows = layer(layer);
    int size = rows.capacity();
    return new KeyValueRows(
        rows.keys().slice(slot * size, size), rows.values().slice(slot * size, size), size);
  }

  /** Copies the first tokens of a text to another slot. */
  void copy(int from, int to, int tokens) {
    for (Layer layer : all) {
      copy(layer.rows(), from, layer.rows(), to, tokens);
    }
  }

  private static void copy(KeyValueRows source, int from, KeyValueRows target, int to, int tokens) {
    copyRows(
        source.keys(), from * source.capacity(), target.keys(), to * target.capacity(), tokens);
    copyRows(
        source.values(), from * source.capacity(), target.values(), to * target.capacity(), tokens);
  }

  private static void copyRows(Tensor source, int from, Tensor target, int to, int count) {
    target.slice(to, count).copyFrom(source.slice(from, count));
  }

  /** Bytes planned now. */
  long bytes() {
    return all.stream().mapToLong(layer -> layer.arena().bytes()).sum();
  }

  @Override
  public void close() {
    all.forEach(layer -> layer.arena().close());
  }

  /** The rows of a layer and the memory they lie in. */
  private record Layer(KeyValueRows rows, TensorArena arena) {

    static Layer plan(int slots, int capacity, int width) {
      TensorArena arena = TensorArena.scoped();
      try {
        Tensor keys = arena.tensor(slots * capacity, width);
        Tensor values = arena.tensor(slots * capacity, width);
        return new Layer(new KeyValueRows(keys, values, capacity), arena);
      } catch (RuntimeException | Error e) {
        arena.close();
        throw e;
      }
    }
  }
}
