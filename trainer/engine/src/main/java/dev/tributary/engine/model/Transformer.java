package dev.tributary.engine.model;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.model.ModelWeights.Embeddings;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers between tokens and head, forward and backward, on memory planned at construction. For
 * one thread; the weights may be shared.
 */
public final class Transformer {

  private final ModelConfig config;
  private final Kernels kernels;
  private final Embeddings embeddings;
  private final Activations activations;
  private final List<Block> blocks = new ArrayList<>();
  private final RowBuffer dResidualOrNull;
  private final int[] firstTokenType;
  private final Pass pass = new Pass();

  private Transformer(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      int lowestKept) {
    this.config = config;
    this.kernels = kernels;
    this.embeddings = weights.embeddings();
    this.activations = new Activations(config, arena, maxTokens, lowestKept);
    this.firstTokenType = new int[maxTokens];
    boolean backward = lowestKept < config.layers();
    this.dResidualOrNull = backward ? arena.rows(maxTokens, config.width()) : null;
    Gradients gradientsOrNull = backward ? Gradients.plan(config, arena, maxTokens) : null;
    EncoderBlock below = null;
    for (int layer = 0; layer < config.layers(); layer++) {
      ModelWeights.Block block = weights.blocks().get(layer);
      if (config.family().isEncoder()) {
        below =
            new EncoderBlock(
                config,
                kernels,
                weights.rotary(),
                block,
                layer,
                layer > lowestKept ? below : null,
                activations,
                gradientsOrNull,
                dResidualOrNull);
        blocks.add(below);
      } else {
        blocks.add(
            new DecoderBlock(
                config,
                kernels,
                weights.rotary(),
                block,
                layer,
                activations,
                gradientsOrNull,
                dResidualOrNull));
      }
    }
  }

  /** A model that only goes forward, with the buffers of one layer. */
  public static Transformer forInference(
      ModelConfig config, ModelWeights weights, Kernels kernels, TensorArena arena, int maxTokens) {
    return new Transformer(config, weights, kernels, arena, maxTokens, config.layers());
  }

  /**
   * A model that keeps what a backward pass needs.
   *
   * @param lowestLayer the first layer with something to train; {@link Adaptation#EMBEDDINGS} for
   *     all of them
   */
  public static Transformer forTraining(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      int lowestLayer) {
    return new Transformer(config, weights, kernels, arena, maxTokens, lowestLayer);
  }

  /**
   * Runs a packed batch.
   *
   * @return the residual stream after the last block, {@code [tokens, width]}
   */
  public Tensor forward(PackedBatch batch, Adaptation adaptation) {
    AttentionPattern packed =
        (layer, qkv, logSumExp, out) ->
            kernels.attention(
                config.attention(),
                qkv,
                batch.sequenceStarts(),
                batch.sequenceCount(),
                logSumExp,
                out);
    pass.fill(batch.tokenCount(), batch.positions(), packed, adaptation);
    return forward(batch.tokens(), batch.tokenTypes());
  }

  /** Runs the first n tokens, all of the first type, under any attention pattern. */
  public Tensor forward(
      int[] tokens, int[] positions, int n, AttentionPattern attention, Adaptation adaptation) {
    pass.fill(n, positions, attention, adaptation);
    return forward(tokens, firstTokenType);
  }

  private Tensor forward(int[] tokens, int[] tokenTypes) {
    int n = pass.n();
    Tensor sum = activations.embeddingSum().first(n);
    embeddings.tokens().embed(kernels, tokens, sum);
    if (embeddings.positions().isPresent()) {
      kernels.embed(pass.positions(), embeddings.positions().get(), true, sum);
    }
    if (embeddings.tokenTypes().isPresent()) {
      kernels.embed(tokenTypes, embeddings.tokenTypes().get(), true, sum);
    }
    if (embeddings.norm().isPresent()) {
      Tensor statistics = activations.embeddingNorm().first(n);
      Tensor x = activations.block(0).input().first(n);
      kernels.norm(embeddings.norm().get(), sum, statistics, x);
    }
    for (int layer = 0; layer < blocks.size(); layer++) {
      blocks.get(layer).forward(pass);
    }
    return activations.block(config.layers() - 1).output().first(n);
  }

  /** Where the gradient by the last residual stream goes before {@link #backward}. */
  public Tensor outputGradient(int n) {
    return dResidualOrNull.first(n);
  }

  /** Goes back through the batch that {@link #forward} saw last, down to what is trained. */
  public void backward(PackedBatch batch, Adaptation adaptation) {
    int n = batch.tokenCount();
    Tensor dx = dResidualOrNull.first(n);
    int lowest = Math.max(0, adaptation.lowestLayer());
    for (int layer = config.layers() - 1; layer >= lowest; layer--) {
      blocks.get(layer).backward(pass, batch, dx);
    }
    if (adaptation.lowestLayer() == Adaptation.EMBEDDINGS) {
      if (embeddings.norm().isPresent()) {
        embeddingNormBackward(embeddings.norm().get(), n, adaptation, dx);
      }
      adaptation.embeddingBackward(batch.tokens(), batch.positions(), batch.tokenTypes(), dx);
    }
  }

  private void embeddingNormBackward(Norm norm, int n, Adaptation adaptation, Tensor dx) {
    Tensor sum = activations.embeddingSum().first(n);
    Tensor statistics = activations.embeddingNorm().first(n);
    adaptation.embeddingNormBackward(sum, statistics, dx);
    kernels.normInputGradient(norm, sum, statistics, dx, false, dx);
  }
}
