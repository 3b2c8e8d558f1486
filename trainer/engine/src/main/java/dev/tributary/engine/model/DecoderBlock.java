package dev.tributary.engine.model;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.RotaryTable;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import java.util.Optional;

/**
 * A block that normalises before each of its layers: {@code m = x + attention(norm(x))}, {@code y =
 * m + mlp(norm(m))} (<a
 * href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">Radford
 * et al. 2019</a>; Llama, Mistral and Qwen alike).
 */
final class DecoderBlock implements Block {

  private final ResidualNorm attentionNorm;
  private final ResidualNorm mlpNorm;
  private final AttentionLayer attention;
  private final FeedForwardLayer mlp;
  private final Activations.Block kept;
  private final RowBuffer normed;
  private final Gradients gradientsOrNull;
  private final int layer;

  DecoderBlock(
      ModelConfig config,
      Kernels kernels,
      Optional<RotaryTable> rotary,
      ModelWeights.Block weights,
      int layer,
      Activations activations,
      Gradients gradientsOrNull,
      RowBuffer dResidualOrNull) {
    this.kept = activations.block(layer);
    this.normed = activations.normed();
    this.gradientsOrNull = gradientsOrNull;
    this.layer = layer;
    this.attentionNorm =
        new ResidualNorm(
            kernels, weights, NormSite.ATTENTION, layer, kept.input(), kept.attentionNorm());
    this.mlpNorm =
        new ResidualNorm(kernels, weights, NormSite.MLP, layer, kept.middle(), kept.mlpNorm());
    this.attention =
        new AttentionLayer(
            config,
            kernels,
            rotary,
            weights,
            layer,
            kept,
            kept.middle(),
            gradientsOrNull,
            dResidualOrNull);
    this.mlp =
        new FeedForwardLayer(
            config,
            kernels,
            weights,
            layer,
            activations,
            kept.output(),
            gradientsOrNull,
            dResidualOrNull);
  }

  @Override
  public void forward(Pass pass) {
    int n = pass.n();
    Residual.carry(kept.input().first(n), kept.middle().first(n));
    attention.forward(pass, attentionNorm.forward(n, normed));
    Residual.carry(kept.middle().first(n), kept.output().first(n));
    mlp.forward(pass, mlpNorm.forward(n, normed));
  }

  @Override
  public void backward(Pass pass, PackedBatch batch, Tensor dResidual) {
    int n = pass.n();
    Adaptation adaptation = pass.adaptation();
    Tensor dNormed = gradientsOrNull.normed().first(n);

    Tensor mlpInput = mlp.trainsInput(adaptation) ? mlpNorm.forward(n, normed) : null;
    mlp.backward(pass, mlpInput, false, dNormed);
    mlpNorm.backward(pass, dNormed, true, dResidual);

    Tensor input = attention.trainsInput(adaptation) ? attentionNorm.forward(n, normed) : null;
    if (adaptation.goesBelow(layer)) {
      attention.backward(pass, batch, input, false, dNormed);
      attentionNorm.backward(pass, dNormed, true, dResidual);
    } else {
      attention.backward(pass, batch, input, false, null);
    }
  }
}
