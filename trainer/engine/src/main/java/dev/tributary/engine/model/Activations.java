package dev.tributary.engine.model;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * What a forward pass leaves behind for the backward one, planned once. Layers that no backward
 * pass reaches share one set of buffers and update the residual stream in place.
 *
 * <p>Outputs of activations, and of normalisations in blocks, are not kept: they are cheap to
 * compute again.
 */
final class Activations {

  /**
   * The buffers of one block; n tokens use the first n rows. Where nothing is kept, input,
   * attentionSum, middle, mlpSum and output are one and the same. Where the block normalises after
   * its layers, middle and output are one and the same, shared with all such blocks: only the sums
   * are kept.
   *
   * @param input {@code [n, width]}, the residual stream before the block: the output of the one
   *     below
   * @param attentionNorm {@code [n, 2]}, statistics of the attention's normalisation
   * @param qkv {@code [n, queries + keys + values]}
   * @param rawQueryKey {@code [n, queries + keys]}, before their normalisation; null without one
   * @param queryNorm {@code [n, 2 heads]}; null without
   * @param keyNorm {@code [n, 2 keyValueHeads]}; null without
   * @param logSumExp {@code [n, heads]}
   * @param attended {@code [n, queries]}
   * @param attentionSum {@code [n, width]}, input and attention, before a normalisation after it;
   *     the same as middle in a block that normalises before
   * @param middle {@code [n, width]}, the residual stream after the attention
   * @param mlpNorm {@code [n, 2]}
   * @param inner {@code [n, inner]} or {@code [n, 2 inner]}, before the activation
   * @param mlpSum {@code [n, width]}, as attentionSum
   * @param output {@code [n, width]}, the next block's input
   */
  record Block(
      RowBuffer input,
      RowBuffer attentionNorm,
      RowBuffer qkv,
      RowBuffer rawQueryKey,
      RowBuffer queryNorm,
      RowBuffer keyNorm,
      RowBuffer logSumExp,
      RowBuffer attended,
      RowBuffer attentionSum,
      RowBuffer middle,
      RowBuffer mlpNorm,
      RowBuffer inner,
      RowBuffer mlpSum,
      RowBuffer output) {

    private static Block plan(
        ModelConfig config,
        TensorArena arena,
        int maxTokens,
        RowBuffer input,
        RowBuffer normed,
        boolean kept) {
      AttentionShape attention = config.attention();
      boolean headNorm = config.family().hasQueryKeyNorm();
      boolean sums = kept && config.family().isEncoder();
      boolean stream = kept && !sums;
      RowBuffer shared = kept ? normed : input;
      RowBuffer middle = stream ? arena.rows(maxTokens, config.width()) : shared;
      RowBuffer output = stream ? arena.rows(maxTokens, config.width()) : shared;
      return new Block(
          input,
          arena.rows(maxTokens, 2),
          arena.rows(maxTokens, attention.width()),
          headNorm
              ? arena.rows(maxTokens, attention.queryWidth() + attention.keyValueWidth())
              : null,
          headNorm ? arena.rows(maxTokens, 2 * attention.heads()) : null,
          headNorm ? arena.rows(maxTokens, 2 * attention.keyValueHeads()) : null,
          arena.rows(maxTokens, attention.heads()),
          arena.rows(maxTokens, attention.queryWidth()),
          sums ? arena.rows(maxTokens, config.width()) : middle,
          middle,
          arena.rows(maxTokens, 2),
          arena.rows(maxTokens, config.outputs(LinearSite.MLP_INPUT)),
          sums ? arena.rows(maxTokens, config.width()) : output,
          output);
    }
  }

  private final List<Block> blocks = new ArrayList<>();
  private final RowBuffer embeddingSum;
  private final RowBuffer embeddingNorm;
  private final RowBuffer normed;
  private final RowBuffer activated;

  /**
   * @param lowestKept the first layer a backward pass needs, less than 0 for the embeddings too;
   *     the number of layers for none
   */
  Activations(ModelConfig config, TensorArena arena, int maxTokens, int lowestKept) {
    RowBuffer residual = arena.rows(maxTokens, config.width());
    boolean normsEmbeddings = config.family().isEncoder();
    embeddingSum =
        normsEmbeddings && lowestKept < 0 ? arena.rows(maxTokens, config.width()) : residual;
    embeddingNorm = normsEmbeddings ? arena.rows(maxTokens, 2) : null;
    normed = arena.rows(maxTokens, config.width());
    Block shared =
        lowestKept > 0 ? Block.plan(config, arena, maxTokens, residual, normed, false) : null;
    for (int layer = 0; layer < config.layers(); layer++) {
      Block block =
          layer < lowestKept
              ? shared
              : Block.plan(config, arena, maxTokens, residual, normed, true);
      blocks.add(block);
      residual = block.output();
    }
    activated = arena.rows(maxTokens, config.innerWidth());
  }

  Block block(int layer) {
    return blocks.get(layer);
  }

  /** {@code [n, width]}, before their normalisation; where nothing is kept, after it too. */
  RowBuffer embeddingSum() {
    return embeddingSum;
  }

  /** {@code [n, 2]}, statistics of the embeddings' normalisation; null without one. */
  RowBuffer embeddingNorm() {
    return embeddingNorm;
  }

  /** {@code [n, width]}, output of the last normalisation in a block. */
  RowBuffer normed() {
    return normed;
  }

  /** {@code [n, inner]}, output of the last activation computed. */
  RowBuffer activated() {
    return activated;
  }
}
