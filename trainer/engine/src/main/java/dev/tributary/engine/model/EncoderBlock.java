package dev.tributary.engine.model;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.RotaryTable;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import java.util.Optional;

/**
 * A block that normalises after each of its layers: {@code m = norm(x + attention(x))}, {@code y =
 * norm(m + mlp(m))} (<a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017</a>; BERT).
 */
final class EncoderBlock implements Block {

  private final ResidualNorm attentionNorm;
  private final ResidualNorm mlpNorm;
  private final AttentionLayer attention;
  private final FeedForwardLayer mlp;
  private final Activations.Block kept;
  private final EncoderBlock belowOrNull;
  private final int layer;

  /**
   * @param belowOrNull the block whose output is this one's input, and has to be made again for the
   *     backward pass; null if the input is still there
   */
  EncoderBlock(
      ModelConfig config,
      Kernels kernels,
      Optional<RotaryTable> rotary,
      ModelWeights.Block weights,
      int layer,
      EncoderBlock belowOrNull,
      Activations activations,
      Gradients gradientsOrNull,
      RowBuffer dResidualOrNull) {
    this.kept = activations.block(layer);
    this.belowOrNull = belowOrNull;
    this.layer = layer;
    this.attentionNorm =
        new ResidualNorm(
            kernels, weights, NormSite.ATTENTION, layer, kept.attentionSum(), kept.attentionNorm());
    this.mlpNorm =
        new ResidualNorm(kernels, weights, NormSite.MLP, layer, kept.mlpSum(), kept.mlpNorm());
    this.attention =
        new AttentionLayer(
            config,
            kernels,
            rotary,
            weights,
            layer,
            kept,
            kept.attentionSum(),
            gradientsOrNull,
            dResidualOrNull);
    this.mlp =
        new FeedForwardLayer(
            config,
            kernels,
            weights,
            layer,
            activations,
            kept.mlpSum(),
            gradientsOrNull,
            dResidualOrNull);
  }

  @Override
  public void forward(Pass pass) {
    int n = pass.n();
    Tensor input = kept.input().first(n);
    Residual.carry(input, kept.attentionSum().first(n));
    attention.forward(pass, input);
    Tensor middle = attentionNorm.forward(n, kept.middle());
    Residual.carry(middle, kept.mlpSum().first(n));
    mlp.forward(pass, middle);
    output(n);
  }

  /** The output, from the sum that is kept. */
  private Tensor output(int n) {
    return mlpNorm.forward(n, kept.output());
  }

  @Override
  public void backward(Pass pass, PackedBatch batch, Tensor dResidual) {
    int n = pass.n();
    mlpNorm.backward(pass, dResidual, false, dResidual);
    mlp.backward(pass, middle(pass), true, dResidual);
    attentionNorm.backward(pass, dResidual, false, dResidual);
    Tensor dInput = pass.adaptation().goesBelow(layer) ? dResidual : null;
    attention.backward(pass, batch, input(pass), true, dInput);
  }

  private Tensor middle(Pass pass) {
    return mlp.trainsInput(pass.adaptation())
        ? attentionNorm.forward(pass.n(), kept.middle())
        : null;
  }

  private Tensor input(Pass pass) {
    if (!attention.trainsInput(pass.adaptation())) {
      return null;
    }
    return belowOrNull == null ? kept.input().first(pass.n()) : belowOrNull.output(pass.n());
  }
}
