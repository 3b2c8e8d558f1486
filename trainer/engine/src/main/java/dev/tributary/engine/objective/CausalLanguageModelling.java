package dev.tributary.engine.objective;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
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
public final class CausalLanguageModelling implements Objective {

  /** Most logits alive at once, about: 64 MiB. Each chunk reads the whole head anew. */
  private static final int CHUNK_FLOATS = 1 << 24;

  /** A gradient costs preparing the head anew too, so its chunks have so many rows at least. */
  private static final int LEAST_GRADIENT_ROWS = 256;

  /** Rows of a chunk are a multiple of it, as matrix products like them. */
  private static final int GRAIN = 16;

  private final BatchCheck check;
  private final Norm norm;
  private final Weight head;
  private final Kernels kernels;
  private final RowBuffer selected;
  private final RowBuffer statistics;
  private final RowBuffer normed;
  private final RowBuffer logits;
  private final RowBuffer roundedNormed;
  private final RowBuffer roundedLogits;
  private final RowBuffer dNormed;
  private final RowBuffer roundedDNormed;
  private final RowBuffer dSelected;
  private final double[] losses;
  private final double[] margins;

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
    this.check = new BatchCheck(config);
    this.norm = weights.finalNorm().orElseThrow();
    this.head = weights.head().orElseThrow();
    this.kernels = kernels;
    int rows = CHUNK_FLOATS / config.vocabularySize() / GRAIN * GRAIN;
    int chunk = Math.clamp(Math.max(rows, gradients ? LEAST_GRADIENT_ROWS : 1), 1, maxTokens);
    selected = arena.rows(chunk, config.width());
    statistics = arena.rows(chunk, 2);
    normed = arena.rows(chunk, config.width());
    logits = arena.rows(chunk, config.vocabularySize());
    roundedNormed = normed.again();
    roundedLogits = logits.again();
    dNormed = gradients ? arena.rows(chunk, config.width()) : null;
    roundedDNormed = gradients ? dNormed.again() : null;
    dSelected = gradients ? arena.rows(chunk, config.width()) : null;
    losses = new double[maxTokens];
    margins = new double[maxTokens];
  }

  /** Position t predicts the label of t + 1 of the same sequence. */
  @Override
  public void select(PackedBatch batch, SupervisedRows supervised) {
    supervised.clear();
    int[] labels = batch.labels();
    int[] starts = batch.sequenceStarts();
    for (int s = 0; s < batch.sequenceCount(); s++) {
      for (int t = starts[s]; t + 1 < starts[s + 1]; t++) {
        int label = labels[t + 1];
        if (label != TokenizedExample.IGNORED) {
          check.checkToken("labels", label);
          supervised.add(t, label, s);
        }
      }
    }
  }

  @Override
  public double[] losses(Tensor hidden, SupervisedRows supervised, Adaptation adaptation) {
    int chunk = logits.whole().rows();
    for (int from = 0; from < supervised.count(); from += chunk) {
      int n = Math.min(chunk, supervised.count() - from);
      Tensor scores = logits(hidden, supervised.rows(), from, n);
      kernels.crossEntropy(scores, supervised.targets(), from, losses);
      for (int row = 0; row < n; row++) {
        margins[from + row] = margin(scores, row, supervised.targets()[from + row]);
      }
    }
    return losses;
  }

  @Override
  public double[] margins() {
    return margins;
  }

  private static double margin(Tensor scores, int row, int target) {
    float best = Float.NEGATIVE_INFINITY;
    for (int token = 0; token < scores.columns(); token++) {
      if (token != target) {
        best = Math.max(best, scores.get(row, token));
      }
    }
    return scores.get(row, target) - best;
  }

  @Override
  public double[] gradient(
      Tensor hidden,
      SupervisedRows supervised,
      double[] rowWeights,
      Adaptation adaptation,
      Tensor dHidden) {
    dHidden.zero();
    int chunk = evenChunk(supervised.count());
    for (int from = 0; from < supervised.count(); from += chunk) {
      int n = Math.min(chunk, supervised.count() - from);
      normalise(hidden, supervised.rows(), from, n);
      int rounded = rounded(n);
      Tensor x = roundedNormed.first(rounded);
      kernels.linear(1, x, head, null, false, roundedLogits.first(rounded));
      Tensor scores = logits.first(n);
      kernels.crossEntropyGradient(scores, supervised.targets(), rowWeights, from, losses);
      backward(supervised.rows(), from, n, scores, adaptation, dHidden);
    }
    return losses;
  }

  /** As few chunks as fit, as equal as can be. */
  private int evenChunk(int count) {
    int most = maxRows();
    int chunks = Math.max(1, (count + most - 1) / most);
    return rounded((count + chunks - 1) / chunks);
  }

  /**
   * Rows to multiply for n that count: a product of a few rows more is faster than one of an odd
   * number. What comes of the rows beyond n is never read.
   */
  private int rounded(int n) {
    return Math.min(maxRows(), (n + GRAIN - 1) / GRAIN * GRAIN);
  }

  /** Most rows of {@link #logits} at once. */
  public int maxRows() {
    return logits.whole().rows();
  }

  /**
   * The logits of some rows.
   *
   * @return {@code [n, vocabulary]}; valid until the next call
   */
  public Tensor logits(Tensor hidden, int[] rows, int from, int n) {
    normalise(hidden, rows, from, n);
    kernels.linear(1, normed.first(n), head, null, false, logits.first(n));
    return logits.first(n);
  }

  private void normalise(Tensor hidden, int[] rows, int from, int n) {
    kernels.gatherRows(hidden, rows, from, selected.first(n));
    kernels.norm(norm, selected.first(n), statistics.first(n), normed.first(n));
  }

  private void backward(
      int[] rows, int from, int n, Tensor dLogits, Adaptation adaptation, Tensor dHidden) {
    Tensor dy = dNormed.first(n);
    Tensor dx = dSelected.first(n);
    adaptation.headBackward(normed.first(n), dLogits);
    int rounded = rounded(n);
    Tensor roundedDLogits = roundedLogits.first(rounded);
    kernels.linearInputGradient(1, roundedDLogits, head, false, roundedDNormed.first(rounded));
    adaptation.finalNormBackward(selected.first(n), statistics.first(n), dy);
    kernels.normInputGradient(norm, selected.first(n), statistics.first(n), dy, false, dx);
    kernels.scatterRows(dx, rows, from, dHidden);
  }
}
