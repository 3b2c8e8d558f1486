package dev.tributary.engine.model;

import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forward pass leaves behind for the backward one, planned once. Layers that no backward
 * pass reaches share one set of buffers and update the residual stream in place.
 *
 * <p>Outputs of normalisations and activations are not kept: they are cheap to compute again.
 */
final class Activations {

  /**
   * The buffers of one block; n tokens use the first n rows.
   *
   * @param input {@code [n, width]}, the residual stream before the block
   * @param attentionNorm {@code [n, 2]}, statistics of the first normalisation
   * @param qkv {@code [n, 3 width]}
   * @param logSumExp {@code [n, heads]}
   * @param attended {@code [n, width]}
   * @param middle {@code [n, width]}, the residual stream after attention; input itself if not kept
   * @param mlpNorm {@code [n, 2]}
   * @param inner {@code [n, inner]}, before the activation
   * @param output {@code [n, width]}, the next block's input; input itself if not kept
   */
  record Block(
      RowBuffer input,
      RowBuffer attentionNorm,
      RowBuffer qkv,
      RowBuffer logSumExp,
      RowBuffer attended,
      RowBuffer middle,
      RowBuffer mlpNorm,
      RowBuffer inner,
      RowBuffer output) {

    private static Block plan(
        ModelConfig config, TensorArena arena, int maxTokens, RowBuffer input, boolean kept) {
      return new Block(
          input,
          arena.rows(maxTokens, 2),
          arena.rows(maxTokens, 3 * config.width()),
          arena.rows(maxTokens, config.heads()),
          arena.rows(maxTokens, config.width()),
          kept ? arena.rows(maxTokens, config.width()) : input,
          arena.rows(maxTokens, 2),
          arena.rows(maxTokens, config.innerWidth()),
          kept ? arena.rows(maxTokens, config.width()) : input);
    }
  }

  private final List<Block> blocks = new ArrayList<>();
  private final RowBuffer normed;
  private final RowBuffer activated;

  /**
   * @param lowestKept the first layer a backward pass needs; the number of layers for none
   */
  Activations(ModelConfig config, TensorArena arena, int maxTokens, int lowestKept) {
    RowBuffer residual = arena.rows(maxTokens, config.width());
    Block shared = lowestKept > 0 ? Block.plan(config, arena, maxTokens, residual, false) : null;
    for (int layer = 0; layer < config.layers(); layer++) {
      Block block =
          layer < lowestKept ? shared : Block.plan(config, arena, maxTokens, residual, true);
      blocks.add(block);
      residual = block.output();
    }
    normed = arena.rows(maxTokens, config.width());
    activated = arena.rows(maxTokens, config.innerWidth());
  }

  Block block(int layer) {
    return blocks.get(layer);
  }

  /** {@code [n, width]}, output of the last normalisation computed. */
  RowBuffer normed() {
    return normed;
  }

  /** {@code [n, inner]}, output of the last activation computed. */
  RowBuffer activated() {
    return activated;
  }
}
