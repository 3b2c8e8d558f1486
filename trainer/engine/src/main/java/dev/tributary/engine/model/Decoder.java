package dev.tributary.engine.model;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers between tokens and head, forward and backward, on memory planned at construction. For
 * one thread; the weights may be shared.
 */
public final class Decoder {

  private final ModelConfig config;
  private final Kernels kernels;
  private final ModelWeights weights;
  private final Activations activations;
  private final List<DecoderBlock> blocks = new ArrayList<>();
  private final Gradients gradients;
  private final RowBuffer dResidual;

  private Decoder(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      int lowestKept) {
    this.config = config;
    this.kernels = kernels;
    this.weights = weights;
    this.activations = new Activations(config, arena, maxTokens, lowestKept);
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(
          new DecoderBlock(config, kernels, weights.blocks().get(layer), layer, activations));
    }
    boolean backward = lowestKept < config.layers();
    this.gradients = backward ? Gradients.plan(config, arena, maxTokens) : null;
    this.dResidual = backward ? arena.rows(maxTokens, config.width()) : null;
  }

  /** A decoder that only goes forward, with the buffers of one layer. */
  public static Decoder forInference(
      ModelConfig config, ModelWeights weights, Kernels kernels, TensorArena arena, int maxTokens) {
    return new Decoder(config, weights, kernels, arena, maxTokens, config.layers());
  }

  /**
   * A decoder that keeps what a backward pass needs.
   *
   * @param lowestLayer the first layer with something to train
   */
  public static Decoder forTraining(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      int lowestLayer) {
    return new Decoder(config, weights, kernels, arena, maxTokens, Math.max(0, lowestLayer));
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
                qkv, batch.sequenceStarts(), batch.sequenceCount(), config.heads(), logSumExp, out);
    return forward(batch.tokens(), batch.positions(), batch.tokenCount(), packed, adaptation);
  }

  /** Runs the first n tokens under any attention pattern. */
  public Tensor forward(
      int[] tokens, int[] positions, int n, AttentionPattern attention, Adaptation adaptation) {
    Tensor x = activations.block(0).input().first(n);
    kernels.embed(tokens, positions, weights.tokenEmbedding(), weights.positionEmbedding(), x);
    for (DecoderBlock block : blocks) {
      block.forward(n, attention, adaptation);
    }
    return activations.block(config.layers() - 1).output().first(n);
  }

  /** Where the gradient by the last residual stream goes before {@link #backward}. */
  public Tensor outputGradient(int n) {
    return dResidual.first(n);
  }

  /** Goes back through the batch that {@link #forward} saw last, down to what is trained. */
  public void backward(PackedBatch batch, Adaptation adaptation) {
    Tensor dx = dResidual.first(batch.tokenCount());
    int lowest = Math.max(0, adaptation.lowestLayer());
    for (int layer = config.layers() - 1; layer >= lowest; layer--) {
      blocks.get(layer).backward(batch, adaptation, gradients, dx);
    }
    if (adaptation.lowestLayer() == Adaptation.EMBEDDINGS) {
      adaptation.embeddingBackward(batch.tokens(), batch.positions(), dx);
    }
  }
}
