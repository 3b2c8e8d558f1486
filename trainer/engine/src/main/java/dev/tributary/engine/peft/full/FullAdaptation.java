package dev.tributary.engine.peft.full;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.model.LinearSite;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.model.ModelWeights.Norm;
import dev.tributary.engine.model.NormSite;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;

/** Full fine-tuning: adds nothing to the model, and wants the gradient of every weight. */
public final class FullAdaptation implements Adaptation {

  private final Kernels kernels;
  private final ModelWeights gradients;
  private final LinearAdaptation[][] sites;

  /**
   * @param gradients laid out as {@link ModelWeights#layout}
   */
  public FullAdaptation(ModelConfig config, Kernels kernels, ParameterBlock gradients) {
    this.kernels = kernels;
    this.gradients = ModelWeights.of(config, gradients);
    this.sites = new LinearAdaptation[config.layers()][LinearSite.values().length];
    for (int layer = 0; layer < config.layers(); layer++) {
      for (LinearSite site : LinearSite.values()) {
        sites[layer][site.ordinal()] =
            new FullLinear(this.gradients.blocks().get(layer).linear(site));
      }
    }
  }

  @Override
  public int lowestLayer() {
    return EMBEDDINGS;
  }

  @Override
  public LinearAdaptation linear(int layer, LinearSite site) {
    return sites[layer][site.ordinal()];
  }

  @Override
  public boolean trainsNorms() {
    return true;
  }

  @Override
  public void normBackward(int layer, NormSite site, Tensor x, Tensor statistics, Tensor dy) {
    Norm norm = gradients.blocks().get(layer).norm(site);
    kernels.layerNormParameterGradient(x, statistics, dy, norm.scale(), norm.shift());
  }

  @Override
  public void finalNormBackward(Tensor x, Tensor statistics, Tensor dy) {
    Norm norm = gradients.finalNorm();
    kernels.layerNormParameterGradient(x, statistics, dy, norm.scale(), norm.shift());
  }

  @Override
  public void headBackward(Tensor x, Tensor dLogits) {
    kernels.linearWeightGradient(1, x, dLogits, gradients.head());
  }

  @Override
  public void embeddingBackward(int[] tokens, int[] positions, Tensor dx) {
    kernels.embedGradient(
        tokens, positions, dx, gradients.tokenEmbedding(), gradients.positionEmbedding());
  }

  /** The gradients of one linear layer's weight and bias. */
  private final class FullLinear implements LinearAdaptation {

    private final ModelWeights.Linear gradient;

    FullLinear(ModelWeights.Linear gradient) {
      this.gradient = gradient;
    }

    @Override
    public void forward(Tensor x, Tensor y) {}

    @Override
    public void backward(Tensor x, Tensor dy, boolean inputGradient, Tensor dx) {
      kernels.linearWeightGradient(1, x, dy, gradient.weight());
      kernels.biasGradient(dy, gradient.bias());
    }
  }
}
