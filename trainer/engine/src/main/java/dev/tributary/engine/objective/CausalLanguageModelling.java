package dev.tributary.engine.objective;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;

/**
 * Final normalisation, head and cross-entropy, for supervised positions only and a chunk of them at
 * a time: the logits of a whole batch never exist. For one thread.
 */
public final class CausalLanguageModelling {

  /** Most logits alive at once, about: 64 MiB. Each chunk reads the whole head anew. */
  private static final int CHUNK_FLOATS = 1 << 24;

  /** Rows of a chunk are a multiple of it, as matrix products like them. */
  private static final int GRAIN = 16;

  private final Norm norm;
  private final Weight head;
  private final Kernels kernels;
  private final RowBuffer selected;
  private final RowBuffer statistics;
  private final RowBuffer normed;
  private final RowBuffer logits;
  private final RowBuffer dNormed;
  private final RowBuffer dSelected;
  private final double[] losses;

  /**
   * @param gradients whether {@link #gradient} will be called
   */
  public CausalLanguageModelling(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      boolean gradients) {
    this.norm = weights.finalNorm().orElseThrow();
    this.head = weights.head().orElseThrow();
    this.kernels = kernels;
    int rows = CHUNK_FLOATS / config.vocabularySize() / GRAIN * GRAIN;
    int chunk = Math.clamp(rows, 1, maxTokens);
    selected = arena.rows(chunk, config.width());
    statistics = arena.rows(chunk, 2);
    normed = arena.rows(chunk, config.width());
    logits = arena.rows(chunk, config.vocabularySize());
    dNormed = gradients ? arena.rows(chunk, config.width()) : null;
    dSelected = gradients ? arena.rows(chunk, config.width()) : null;
    losses = new double[maxTokens];
  }

  /**
   * The loss of each supervised position.
   *
   * @param hidden the decoder's output, {@code [tokens, width]}
   * @return in the order of {@link SupervisedTokens}; valid until the next call
   */
  public double[] losses(Tensor hidden, SupervisedTokens supervised) {
    int chunk = logits.whole().rows();
    for (int from = 0; from < supervised.count(); from += chunk) {
      int n = Math.min(chunk, supervised.count() - from);
      Tensor scores = logits(hidden, supervised.rows(), from, n);
      kernels.crossEntropy(scores, supervised.targets(), from, losses);
    }
    return losses;
  }

  /**
   * {@link #losses}, and the gradient of their weighted sum by the decoder's output.
   *
   * @param tokenWeights weight of each supervised position
   * @param dHidden {@code [tokens, width]}, overwritten
   */
  public double[] gradient(
      Tensor hidden,
      SupervisedTokens supervised,
      double[] tokenWeights,
      Adaptation adaptation,
      Tensor dHidden) {
    dHidden.zero();
    int chunk = logits.whole().rows();
    for (int from = 0; from < supervised.count(); from += chunk) {
      int n = Math.min(chunk, supervised.count() - from);
      Tensor scores = logits(hidden, supervised.rows(), from, n);
      kernels.crossEntropyGradient(scores, supervised.targets(), tokenWeights, from, losses);
      backward(supervised.rows(), from, n, scores, adaptation, dHidden);
    }
    return losses;
  }

  /**
   * The logits of some rows.
   *
   * @return {@code [n, vocabulary]}; valid until the next call
   */
  public Tensor logits(Tensor hidden, int[] rows, int from, int n) {
    Tensor x = selected.first(n);
    kernels.gatherRows(hidden, rows, from, x);
    kernels.norm(norm, x, statistics.first(n), normed.first(n));
    kernels.linear(1, normed.first(n), head, null, false, logits.first(n));
    return logits.first(n);
  }

  private void backward(
      int[] rows, int from, int n, Tensor dLogits, Adaptation adaptation, Tensor dHidden) {
    Tensor dy = dNormed.first(n);
    Tensor dx = dSelected.first(n);
    adaptation.headBackward(normed.first(n), dLogits);
    kernels.linearInputGradient(1, dLogits, head, false, dy);
    adaptation.finalNormBackward(selected.first(n), statistics.first(n), dy);
    kernels.normInputGradient(norm, selected.first(n), statistics.first(n), dy, false, dx);
    kernels.scatterRows(dx, rows, from, dHidden);
  }
}
