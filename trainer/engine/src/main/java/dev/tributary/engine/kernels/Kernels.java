package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * The arithmetic of training and inference, forward and backward, on float32 tensors over a flat
 * token axis.
 *
 * <p>Conventions: results are written in place into memory the caller planned; no operation
 * allocates tensors. Shapes are the caller's duty. {@code d} in front of a name is the gradient of
 * the loss by that name. A gradient of a parameter is always added to what is there; other results
 * overwrite unless the operation says otherwise. Implementations keep no state between calls that
 * changes a result, may be shared by threads, and give the same bytes for the same input, whatever
 * else runs beside them.
 *
 * <p>{@link ReferenceKernels} is the judge of what each operation means.
 */
public interface Kernels {

  /** A short name for logs and reports: {@code reference}, {@code nd4j}. */
  String name();

  /** One line on what does the work here, for people: library, vector width, threads. */
  String description();

  // Linear layers

  /** {@code y = alpha x W}, or {@code y += alpha x W}; x {@code [n, in]}, y {@code [n, out]}. */
  void linear(float alpha, Tensor x, Weight weight, boolean accumulate, Tensor y);

  /** {@code dx = alpha dy Wᵀ}, or added to dx. */
  void linearInputGradient(float alpha, Tensor dy, Weight weight, boolean accumulate, Tensor dx);

  /** {@code dW += alpha xᵀ dy}, in the layout of the weight. */
  void linearWeightGradient(float alpha, Tensor x, Tensor dy, Weight dWeight);

  /** {@code y[i, :] += bias}. */
  void addBias(Tensor bias, Tensor y);

  /** {@code dBias += sum of the rows of dy}. */
  void biasGradient(Tensor dy, Tensor dBias);

  // Embedding

  /**
   * {@code x[i, :] = tokenTable[tokens[i], :] + positionTable[positions[i], :]} for the rows of x.
   */
  void embed(int[] tokens, int[] positions, Tensor tokenTable, Tensor positionTable, Tensor x);

  /** Adds the rows of dx to the rows of the tables they came from. */
  void embedGradient(
      int[] tokens, int[] positions, Tensor dx, Tensor dTokenTable, Tensor dPositionTable);

  // Normalisation

  /**
   * Layer normalisation of each row: {@code y = (x - mean) / sqrt(variance + epsilon) * scale +
   * shift}.
   *
   * @param statistics {@code [n, 2]}, receives mean and reciprocal deviation for the gradient
   */
  void layerNorm(Tensor x, Tensor scale, Tensor shift, double epsilon, Tensor statistics, Tensor y);

  /** Adds the gradient by the input to dx. */
  void layerNormInputGradient(Tensor x, Tensor scale, Tensor statistics, Tensor dy, Tensor dx);

  /** Adds the gradients by scale and shift. */
  void layerNormParameterGradient(
      Tensor x, Tensor statistics, Tensor dy, Tensor dScale, Tensor dShift);

  // Activation

  /** The tanh approximation of GELU ({@code gelu_new}); y may be x. */
  void gelu(Tensor x, Tensor y);

  /** {@code dx = dy * gelu'(x)}; dx may be dy. */
  void geluGradient(Tensor x, Tensor dy, Tensor dx);

  // Attention

  /**
   * Causal multi-head attention inside each sequence.
   *
   * @param qkv {@code [n, 3 width]}: queries, keys and values side by side, heads in order
   * @param sequenceStarts first row of each sequence, and n after the last
   * @param logSumExp {@code [n, heads]}, receives what the gradient needs to rebuild the weights
   * @param out {@code [n, width]}
   */
  void attention(
      Tensor qkv, int[] sequenceStarts, int sequences, int heads, Tensor logSumExp, Tensor out);

  /**
   * The gradient of {@link #attention}.
   *
   * @param out what {@link #attention} gave
   * @param dQkv {@code [n, 3 width]}, overwritten
   */
  void attentionGradient(
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int heads,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv);

  /**
   * Copies keys and values of new tokens into rows {@code past} and on of a cache.
   *
   * @param qkv {@code [new, 3 width]}
   * @param keys {@code [capacity, width]}
   * @param values {@code [capacity, width]}
   */
  void cacheKeysAndValues(Tensor qkv, int past, Tensor keys, Tensor values);

  /**
   * Attention of new tokens over all tokens before them and themselves, which are in the cache.
   *
   * @param qkv {@code [new, 3 width]}; only the queries are read
   * @param past tokens in the cache before the new ones
   * @param out {@code [new, width]}
   */
  void cachedAttention(Tensor qkv, int past, int heads, Tensor keys, Tensor values, Tensor out);

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
