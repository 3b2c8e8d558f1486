package dev.tributary.engine.model;

import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.TensorArena;

/**
 * Gradients of activations on their way down, shared by all layers.
 *
 * @param normed {@code [n, width]}, by a normalisation's output or the attention's
 * @param qkv {@code [n, 3 width]}
 * @param inner {@code [n, inner]}
 */
record Gradients(RowBuffer normed, RowBuffer qkv, RowBuffer inner) {

  static Gradients plan(ModelConfig config, TensorArena arena, int maxTokens) {
    return new Gradients(
        arena.rows(maxTokens, config.width()),
        arena.rows(maxTokens, 3 * config.width()),
        arena.rows(maxTokens, config.innerWidth()));
  }
}
