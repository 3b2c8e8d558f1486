package dev.tributary.engine.model;

import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.TensorArena;

/**
 * Gradients of activations on their way down, shared by all layers.
 *
 * @param normed {@code [n, width]}, by a normalisation's output
 * @param attended {@code [n, queries]}, by the attention's output
 * @param qkv {@code [n, queries + keys + values]}
 * @param activated {@code [n, inner]}, by the activation's output
 * @param inner {@code [n, inner]} or {@code [n, 2 inner]}, by the activation's input; the same as
 *     activated unless gated
 */
record Gradients(
    RowBuffer normed, RowBuffer attended, RowBuffer qkv, RowBuffer activated, RowBuffer inner) {

  static Gradients plan(ModelConfig config, TensorArena arena, int maxTokens) {
    RowBuffer activated = arena.rows(maxTokens, config.innerWidth());
    return new Gradients(
        arena.rows(maxTokens, config.width()),
        arena.rows(maxTokens, config.attention().queryWidth()),
        arena.rows(maxTokens, config.attention().width()),
        activated,
        config.family().isGated()
            ? arena.rows(maxTokens, config.outputs(LinearSite.MLP_INPUT))
            : activated);
  }
}
