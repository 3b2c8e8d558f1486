package dev.tributary.engine.model;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;

/** A normalisation of the residual stream in one block. */
final class ResidualNorm {

  private final Kernels kernels;
  private final Norm norm;
  private final NormSite site;
  private final int layer;
  private final RowBuffer x;
  private final RowBuffer statistics;

  /**
   * @param x what is normalised
   * @param statistics what the forward pass leaves behind
   */
  ResidualNorm(
      Kernels kernels,
      ModelWeights.Block weights,
      NormSite site,
      int layer,
      RowBuffer x,
      RowBuffer statistics) {
    this.kernels = kernels;
    this.norm = weights.norm(site);
    this.site = site;
    this.layer = layer;
    this.x = x;
    this.statistics = statistics;
  }

  /** Normalises the first n rows into y, which may be x. */
  Tensor forward(int n, RowBuffer y) {
    Tensor result = y.first(n);
    kernels.norm(norm, x.first(n), statistics.first(n), result);
    return result;
  }

  /**
   * @param accumulate adds to dx instead of overwriting it
   * @param dx may be dy
   */
  void backward(Pass pass, Tensor dy, boolean accumulate, Tensor dx) {
    int n = pass.n();
    if (pass.adaptation().trainsNorms()) {
      pass.adaptation().normBackward(layer, site, x.first(n), statistics.first(n), dy);
    }
    kernels.normInputGradient(norm, x.first(n), statistics.first(n), dy, accumulate, dx);
  }
}
