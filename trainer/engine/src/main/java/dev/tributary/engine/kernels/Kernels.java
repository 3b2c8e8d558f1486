package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * The arithmetic of training and inference, forward and backward, on float32 tensors over a flat
 * token axis.
 *
 * <p>Conventions: results are written in place into memory the caller planned; no operation
 * allocates tensors. Shapes are the caller's duty. Tensors are contiguous, unless a parameter is
 * said to be possibly <i>strided</i>, a window on some columns of a wider one. {@code d} in front
 * of a name is the gradient of the loss by that name. A gradient of a parameter is always added to
 * what is there; other results overwrite unless the operation says otherwise. Implementations keep
 * no state between calls that changes a result, may be shared by threads, and give the same bytes
 * for the same input, whatever else runs beside them.
 *
 * <p>{@link dev.tributary.engine.kernels.reference.ReferenceKernels} is the judge of what each
 * operation means.
 */
public interface Kernels {

  /** A short name for logs and reports: {@code reference}, {@code nd4j}. */
  String name();

  /** One line on what does the work here, for people: library, precision, threads. */
  String description();

  // Linear layers. x, y and their gradients may be strided.

  /**
   * A weight that will not change any more, in the form these kernels work best with: for {@link
   * #linear} and {@link #linearInputGradient}. What is returned does not refer to the memory of
   * what was given, unless it is that itself.
   */
  default Weight freeze(DenseWeight weight) {
    return weight;
  }

  /**
   * {@code y = alpha x W + bias}, or added to y; x {@code [n, in]}, y {@code [n, out]}.
   *
   * @param biasOrNull {@code [1, out]}
   */
  void linear(
      float alpha, Tensor x, Weight weight, Tensor biasOrNull, boolean accumulate, Tensor y);

  /** {@code dx = alpha dy Wᵀ}, or added to dx. */
  void linearInputGradient(float alpha, Tensor dy, Weight weight, boolean accumulate, Tensor dx);

  /** {@code dW += alpha xᵀ dy}, in the layout of the weight. */
  void linearWeightGradient(float alpha, Tensor x, Tensor dy, DenseWeight dWeight);

  /** {@code dBias += sum of the rows of dy}. */
  void biasGradient(Tensor dy, Tensor dBias);

  // Low-rank additions to linear layers: y += scaling * (dropout(x) Aᵀ) Bᵀ, with A [r, in] and
  // B [out, r]. x, y and their gradients may be strided.

  /**
   * {@code hidden = dropout(x) Aᵀ}; hidden {@code [n, r]}. Which elements are dropped: {@link
   * #dropout}.
   */
  void lowRankDown(Tensor x, double dropoutRate, long dropoutKey, Tensor a, Tensor hidden);

  /** {@code y += scaling * hidden Bᵀ}. */
  void lowRankUp(float scaling, Tensor hidden, Tensor b, Tensor y);

  /** {@code dB += scaling * dyᵀ hidden} and {@code dHidden = scaling * dy B}. */
  void lowRankUpGradient(
      float scaling, Tensor dy, Tensor hidden, Tensor b, Tensor dB, Tensor dHidden);

  /**
   * {@code dA += dHiddenᵀ dropout(x)} and, unless dx is null, {@code dx += dropout(dHidden A)} with
   * the same elements dropped.
   */
  void lowRankDownGradient(
      Tensor x,
      double dropoutRate,
      long dropoutKey,
      Tensor dHidden,
      Tensor a,
      Tensor dA,
      Tensor dxOrNull);

  // Embedding

  /** {@code x[i, :] = table[rows[i], :]}, or added to it, for the rows of x. */
  void embed(int[] rows, Tensor table, boolean accumulate, Tensor x);

  /** {@code dTable[rows[i], :] += dx[i, :]}. */
  void embedGradient(int[] rows, Tensor dx, Tensor dTable);

  // Normalisation. x, y and their gradients may be strided; a row may hold several groups.

  /**
   * Layer or root-mean-square normalisation of each group: {@code y = (x - mean) / sqrt(variance +
   * epsilon) * scale + shift}, the mean being 0 if the norm is not centred; y may be x.
   *
   * @param statistics {@code [n, 2 groups]}, receives mean and reciprocal deviation of each group
   */
  void norm(Norm norm, Tensor x, Tensor statistics, Tensor y);

  /** The gradient by the input, or added to dx; dx may be dy. */
  void normInputGradient(
      Norm norm, Tensor x, Tensor statistics, Tensor dy, boolean accumulate, Tensor dx);

  /**
   * Adds the gradients by scale and shift.
   *
   * @param dNorm the gradients, shaped as the norm's tensors; its epsilon does not matter
   */
  void normParameterGradient(Tensor x, Tensor statistics, Tensor dy, Norm dNorm);

  // Activation

  /** {@code y = f(x)}; y may be x. */
  void activate(Activation activation, Tensor x, Tensor y);

  /** {@code dx = dy * f'(x)}; dx may be dy. */
  void activationGradient(Activation activation, Tensor x, Tensor dy, Tensor dx);

  /**
   * A gated activation (<a href="https://arxiv.org/abs/2002.05202">Shazeer 2020</a>): {@code y =
   * f(gate) * up}.
   *
   * @param gateUp {@code [n, 2 inner]}, gate and up side by side
   * @param y {@code [n, inner]}
   */
  void gate(Activation activation, Tensor gateUp, Tensor y);

  /**
   * @param dGateUp {@code [n, 2 inner]}, overwritten; may be gateUp
   */
  void gateGradient(Activation activation, Tensor gateUp, Tensor dy, Tensor dGateUp);

  // Attention

  /**
   * Turns queries or keys to their positions, in place.
   *
   * @param x {@code [n, heads * headSize]}, may be strided
   * @param positions of the rows of x
   * @param backward turns back, which is the gradient
   */
  void rotate(RotaryTable table, int[] positions, boolean backward, Tensor x);

  /**
   * Multi-head attention inside each sequence.
   *
   * @param qkv {@code [n, shape.width()]}
   * @param sequenceStarts first row of each sequence, and n after the last
   * @param logSumExp {@code [n, heads]}, receives what the gradient needs to rebuild the weights
   * @param out {@code [n, shape.queryWidth()]}
   */
  void attention(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      Tensor logSumExp,
      Tensor out);

  /**
   * The gradient of {@link #attention}.
   *
   * @param out what {@link #attention} gave
   * @param dQkv {@code [n, shape.width()]}, overwritten
   */
  void attentionGradient(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv);

  /**
   * Copies keys and values of new tokens behind those of their sequence in a cache.
   *
   * @param qkv {@code [new, shape.width()]}
   * @param sequenceStarts first row of each sequence's new tokens, and the row after the last
   * @param past tokens of each sequence in the cache already
   * @param cache where they go
   */
  void cacheKeysAndValues(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int[] past,
      KeyValueRows cache);

  /**
   * Causal attention of new tokens over all tokens of their sequence up to themselves, which are in
   * the cache already. The parameters are those of {@link #cacheKeysAndValues}.
   *
   * @param qkv only the queries are read
   * @param out {@code [new, shape.queryWidth()]}
   */
  void cachedAttention(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int[] past,
      KeyValueRows cache,
      Tensor out);

  // Loss

  /** {@code y[i, :] = x[rows[from + i], :]} for the rows of y. */
  void gatherRows(Tensor x, int[] rows, int from, Tensor y);

  /** {@code dx[rows[from + i], :] += dy[i, :]}. */
  void scatterRows(Tensor dy, int[] rows, int from, Tensor dx);

  /**
   * Negative log-likelihood of {@code targets[from + i]} under row i of the logits, into {@code
   * losses[from + i]}.
   */
  void crossEntropy(Tensor logits, int[] targets, int from, double[] losses);

  /**
   * {@link #crossEntropy} that also overwrites the logits with the gradient of {@code
   * sum(weights[from + i] * losses[from + i])}.
   */
  void crossEntropyGradient(
      Tensor logits, int[] targets, double[] weights, int from, double[] losses);

  // Regularisation

  /**
   * Inverted dropout: each element is kept with probability {@code 1 - rate} and then divided by
   * it. Which ones are kept depends only on key and index (see {@link DropoutMask}).
   */
  void dropout(Tensor x, double rate, long key, Tensor y);

  /** Adds to dx what {@link #dropout} with the same rate and key lets through of dy. */
  void dropoutGradient(Tensor dy, double rate, long key, Tensor dx);

  // Optimiser

  /** The sum of all squares, in double precision; not finite if an element is not. */
  double sumOfSquares(Tensor x);

  /** One AdamW update in place of value and both moments. */
  void adamW(
      AdamWStep step, Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment);
}
