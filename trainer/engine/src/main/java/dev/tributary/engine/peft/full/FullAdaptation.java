package dev.tributary.engine.peft.full;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.model.LinearModule;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.model.ModelWeights.ClassificationHead;
import dev.tributary.engine.model.ModelWeights.Embeddings;
import dev.tributary.engine.model.ModelWeights.Linear;
import dev.tributary.engine.model.NormSite;
import dev.tributary.engine.optimizer.GradientBlock;
import dev.tributary.engine.tensor.SparseRows;
import dev.tributary.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Full fine-tuning: adds nothing to the model, and wants the gradient of every weight. */
public final class FullAdaptation implements Adaptation {

  private final Kernels kernels;
  private final ModelWeights gradients;
  private final Optional<SparseRows> sparseTokens;
  private final List<List<LinearAdaptation>> linears;

  /**
   * @param gradients of {@link dev.tributary.engine.model.ModelLayout#of}, whose first matrix is
   *     the token embedding
   */
  public FullAdaptation(ModelConfig config, Kernels kernels, GradientBlock gradients) {
    this.kernels = kernels;
    this.gradients = ModelWeights.gradients(config, gradients.block());
    this.sparseTokens = gradients.table();
    this.linears =
        this.gradients.blocks().stream()
            .map(block -> block.linears().stream().<LinearAdaptation>map(FullLinear::new).toList())
            .toList();
  }

  @Override
  public int lowestLayer() {
    return EMBEDDINGS;
  }

  @Override
  public LinearAdaptation linear(int layer, LinearModule module) {
    return linears.get(layer).get(module.index());
  }

  @Override
  public boolean trainsNorms() {
    return true;
  }

  @Override
  public void normBackward(int layer, NormSite site, Tensor x, Tensor statistics, Tensor dy) {
    Norm norm = gradients.blocks().get(layer).norm(site);
    kernels.normParameterGradient(x, statistics, dy, norm);
  }

  @Override
  public void finalNormBackward(Tensor x, Tensor statistics, Tensor dy) {
    kernels.normParameterGradient(x, statistics, dy, gradients.finalNorm().orElseThrow());
  }

  @Override
  public void headBackward(Tensor x, Tensor dLogits) {
    DenseWeight head = new Linear(gradients.head().orElseThrow(), null).dense();
    kernels.linearWeightGradient(1, x, dLogits, head);
  }

  @Override
  public void classifierBackward(Tensor x, Tensor dLogits) {
    collect(classification().classifier(), x, dLogits);
  }

  @Override
  public void poolerBackward(Tensor x, Tensor dy) {
    collect(classification().pooler(), x, dy);
  }

  @Override
  public void embeddingNormBackward(Tensor x, Tensor statistics, Tensor dy) {
    Norm norm = gradients.embeddings().norm().orElseThrow();
    kernels.normParameterGradient(x, statistics, dy, norm);
  }

  @Override
  public void embeddingBackward(int[] tokens, int[] positions, int[] tokenTypes, Tensor dx) {
    Embeddings tables = gradients.embeddings();
    int[] rows = sparseTokens.map(table -> table.use(tokens, dx.rows())).orElse(tokens);
    kernels.embedGradient(rows, dx, tables.tokens().dense());
    tables.positions().ifPresent(table -> kernels.embedGradient(positions, dx, table));
    tables.tokenTypes().ifPresent(table -> kernels.embedGradient(tokenTypes, dx, table));
  }

  private ClassificationHead classification() {
    return gradients.classification().orElseThrow();
  }

  private void collect(Linear gradient, Tensor x, Tensor dy) {
    kernels.linearWeightGradient(1, x, dy, gradient.dense());
    if (gradient.biasOrNull() != null) {
      kernels.biasGradient(dy, gradient.biasOrNull());
    }
  }

  /** The gradients of one linear module's weight and bias. */
  private final class FullLinear implements LinearAdaptation {

    private final Linear gradient;

    FullLinear(Linear gradient) {
      this.gradient = gradient;
    }

    @Override
    public void forward(Tensor x, Tensor y) {}

    @Override
    public void backward(Tensor x, Tensor dy, Tensor dxOrNull) {
      collect(gradient, x, dy);
    }
  }
}
