package dev.tributary.engine.model;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.ModelWeights.Linear;
import dev.tributary.engine.model.ModelWeights.Norm;
import dev.tributary.engine.tensor.Tensor;

/**
 * One pre-norm transformer block: {@code m = x + attention(norm(x))}, {@code y = m + mlp(norm(m))},
 * forward and backward (<a
 * href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">Radford
 * et al. 2019</a>).
 */
final class DecoderBlock {

  private final ModelConfig config;
  private final Kernels kernels;
  private final ModelWeights.Block weights;
  private final int layer;
  private final Activations activations;
  private final Activations.Block kept;

  DecoderBlock(
      ModelConfig config,
      Kernels kernels,
      ModelWeights.Block weights,
      int layer,
      Activations activations) {
    this.config = config;
    this.kernels = kernels;
    this.weights = weights;
    this.layer = layer;
    this.activations = activations;
    this.kept = activations.block(layer);
  }

  /** From {@code kept.input} to {@code kept.output}, for the first n tokens. */
  void forward(int n, AttentionPattern attention, Adaptation adaptation) {
    Tensor input = kept.input().first(n);
    Tensor qkv = kept.qkv().first(n);
    Tensor attended = kept.attended().first(n);
    linear(LinearSite.ATTENTION_INPUT, norm(NormSite.ATTENTION, n), false, qkv, adaptation);
    attention.attend(layer, qkv, kept.logSumExp().first(n), attended);
    Tensor middle = carry(input, kept.middle().first(n));
    linear(LinearSite.ATTENTION_OUTPUT, attended, true, middle, adaptation);

    Tensor inner = kept.inner().first(n);
    linear(LinearSite.MLP_INPUT, norm(NormSite.MLP, n), false, inner, adaptation);
    Tensor output = carry(middle, kept.output().first(n));
    linear(LinearSite.MLP_OUTPUT, activate(n), true, output, adaptation);
  }

  /**
   * @param dResidual {@code [n, width]}: in, the gradient by the block's output; out, by its input
   *     if anything below is trained
   */
  void backward(PackedBatch batch, Adaptation adaptation, Gradients gradients, Tensor dResidual) {
    int n = batch.tokenCount();
    Tensor dInner = gradients.inner().first(n);
    Tensor dNormed = gradients.normed().first(n);
    Tensor dQkv = gradients.qkv().first(n);

    linearBackward(LinearSite.MLP_OUTPUT, n, dResidual, true, dInner, adaptation);
    kernels.geluGradient(kept.inner().first(n), dInner, dInner);
    linearBackward(LinearSite.MLP_INPUT, n, dInner, true, dNormed, adaptation);
    normBackward(NormSite.MLP, n, dNormed, dResidual, adaptation);

    linearBackward(LinearSite.ATTENTION_OUTPUT, n, dResidual, true, dNormed, adaptation);
    kernels.attentionGradient(
        kept.qkv().first(n),
        batch.sequenceStarts(),
        batch.sequenceCount(),
        config.heads(),
        kept.logSumExp().first(n),
        kept.attended().first(n),
        dNormed,
        dQkv);
    boolean goesOn = adaptation.trainsNorms() || adaptation.lowestLayer() < layer;
    linearBackward(LinearSite.ATTENTION_INPUT, n, dQkv, goesOn, dNormed, adaptation);
    if (goesOn) {
      normBackward(NormSite.ATTENTION, n, dNormed, dResidual, adaptation);
    }
  }

  private Tensor norm(NormSite site, int n) {
    Norm norm = weights.norm(site);
    Tensor normed = activations.normed().first(n);
    kernels.layerNorm(
        normInput(site, n),
        norm.scale(),
        norm.shift(),
        config.layerNormEpsilon(),
        statistics(site, n),
        normed);
    return normed;
  }

  private void normBackward(
      NormSite site, int n, Tensor dNormed, Tensor dResidual, Adaptation adaptation) {
    Tensor x = normInput(site, n);
    Tensor statistics = statistics(site, n);
    if (adaptation.trainsNorms()) {
      adaptation.normBackward(layer, site, x, statistics, dNormed);
    }
    kernels.layerNormInputGradient(x, weights.norm(site).scale(), statistics, dNormed, dResidual);
  }

  private Tensor normInput(NormSite site, int n) {
    return (site == NormSite.ATTENTION ? kept.input() : kept.middle()).first(n);
  }

  private Tensor statistics(NormSite site, int n) {
    return (site == NormSite.ATTENTION ? kept.attentionNorm() : kept.mlpNorm()).first(n);
  }

  private Tensor activate(int n) {
    Tensor activated = activations.activated().first(n);
    kernels.gelu(kept.inner().first(n), activated);
    return activated;
  }

  private void linear(
      LinearSite site, Tensor x, boolean accumulate, Tensor y, Adaptation adaptation) {
    Linear linear = weights.linear(site);
    kernels.linear(1, x, linear.weight(), accumulate, y);
    kernels.addBias(linear.bias(), y);
    adaptation.linear(layer, site).forward(x, y);
  }

  private void linearBackward(
      LinearSite site, int n, Tensor dy, boolean inputGradient, Tensor dx, Adaptation adaptation) {
    if (inputGradient) {
      kernels.linearInputGradient(1, dy, weights.linear(site).weight(), false, dx);
    }
    LinearAdaptation linear = adaptation.linear(layer, site);
    if (linear.trains()) {
      linear.backward(linearInput(site, n), dy, inputGradient, dx);
    }
  }

  /** A linear layer's input: kept, or computed again from what is. */
  private Tensor linearInput(LinearSite site, int n) {
    return switch (site) {
      case ATTENTION_INPUT -> norm(NormSite.ATTENTION, n);
      case ATTENTION_OUTPUT -> kept.attended().first(n);
      case MLP_INPUT -> norm(NormSite.MLP, n);
      case MLP_OUTPUT -> activate(n);
    };
  }

  /** Starts a new stretch of the residual stream, unless it is updated in place. */
  private static Tensor carry(Tensor from, Tensor to) {
    if (to != from) {
      to.copyFrom(from);
    }
    return to;
  }
}
