package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Everything but matrix products, as fused loops over native memory with the Vector API, shared out
 * over a few threads. Rows (or columns, or heads) are independent, so the bytes do not depend on
 * who works on which.
 */
abstract class VectorKernels implements Kernels {

  private final Workers workers;
  private final VectorAttention attention = new VectorAttention();

  /**
   * @param threads working on one operation, at least 1
   */
  VectorKernels(int threads) {
    workers = new Workers(threads);
  }

  /** Vector width and threads, for {@link #description}. */
  final String vectors() {
    return "the rest in %d-bit vectors on %d threads"
        .formatted(Lanes.FLOATS.vectorBitSize(), workers.threads());
  }

  /** {@link #linear} for a single row. */
  final void rowLinear(float alpha, Tensor x, Weight weight, boolean accumulate, Tensor y) {
    forEachVector(
        weight.outputs(),
        (long) weight.inputs() * Lanes.COUNT,
        (from, to) -> VectorRow.multiply(alpha, x, weight, accumulate, y, from, to));
  }

  @Override
  public void addBias(Tensor bias, Tensor y) {
    int n = y.columns();
    workers.forEach(
        y.rows(),
        n,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            VectorElementwise.add(bias.memory(), 0, y.memory(), (long) i * n, n);
          }
        });
  }

  @Override
  public void biasGradient(Tensor dy, Tensor dBias) {
    forEachColumn(
        dy,
        (from, to) -> {
          for (int i = 0; i < dy.rows(); i++) {
            long at = (long) i * dy.columns() + from;
            VectorElementwise.add(dy.memory(), at, dBias.memory(), from, to - from);
          }
        });
  }

  @Override
  public void embed(
      int[] tokens, int[] positions, Tensor tokenTable, Tensor positionTable, Tensor x) {
    int n = x.columns();
    workers.forEach(
        x.rows(),
        n,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            VectorElementwise.sum(
                tokenTable.memory(),
                (long) tokens[i] * n,
                positionTable.memory(),
                (long) positions[i] * n,
                x.memory(),
                (long) i * n,
                n);
          }
        });
  }

  @Override
  public void embedGradient(
      int[] tokens, int[] positions, Tensor dx, Tensor dTokenTable, Tensor dPositionTable) {
    int n = dx.columns();
    forEachColumn(
        dx,
        (from, to) -> {
          for (int i = 0; i < dx.rows(); i++) {
            long at = (long) i * n + from;
            long token = (long) tokens[i] * n + from;
            long position = (long) positions[i] * n + from;
            VectorElementwise.add(dx.memory(), at, dTokenTable.memory(), token, to - from);
            VectorElementwise.add(dx.memory(), at, dPositionTable.memory(), position, to - from);
          }
        });
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor scale, Tensor shift, double epsilon, Tensor statistics, Tensor y) {
    workers.forEach(
        x.rows(),
        x.columns(),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            VectorLayerNorm.forward(x, scale, shift, epsilon, statistics, y, i);
          }
        });
  }

  @Override
  public void layerNormInputGradient(
      Tensor x, Tensor scale, Tensor statistics, Tensor dy, Tensor dx) {
    workers.forEach(
        x.rows(),
        x.columns(),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            VectorLayerNorm.inputGradient(x, scale, statistics, dy, dx, i);
          }
        });
  }

  @Override
  public void layerNormParameterGradient(
      Tensor x, Tensor statistics, Tensor dy, Tensor dScale, Tensor dShift) {
    forEachColumn(
        x,
        (from, to) ->
            VectorLayerNorm.parameterGradient(x, statistics, dy, dScale, dShift, from, to));
  }

  @Override
  public void gelu(Tensor x, Tensor y) {
    forEachElement(x, (from, to) -> VectorElementwise.gelu(x.memory(), y.memory(), from, to));
  }

  @Override
  public void geluGradient(Tensor x, Tensor dy, Tensor dx) {
    forEachElement(
        x,
        (from, to) ->
            VectorElementwise.geluGradient(x.memory(), dy.memory(), dx.memory(), from, to));
  }

  @Override
  public void attention(
      Tensor qkv, int[] sequenceStarts, int sequences, int heads, Tensor logSumExp, Tensor out) {
    // Head by head, so that a long sequence does not end up with one thread alone.
    workers.forEach(
        heads * sequences,
        attentionCost(qkv, sequences, heads),
        (from, to) -> {
          for (int item = from; item < to; item++) {
            int start = sequenceStarts[item % sequences];
            int n = sequenceStarts[item % sequences + 1] - start;
            attention.forward(qkv, heads, item / sequences, start, n, logSumExp, out);
          }
        });
  }

  @Override
  public void attentionGradient(
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int heads,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv) {
    workers.forEach(
        heads * sequences,
        attentionCost(qkv, sequences, heads),
        (from, to) -> {
          for (int item = from; item < to; item++) {
            int start = sequenceStarts[item % sequences];
            int n = sequenceStarts[item % sequences + 1] - start;
            attention.backward(qkv, heads, item / sequences, start, n, logSumExp, out, dOut, dQkv);
          }
        });
  }

  @Override
  public void cacheKeysAndValues(Tensor qkv, int past, Tensor keys, Tensor values) {
    int width = keys.columns();
    for (int i = 0; i < qkv.rows(); i++) {
      long from = 4L * i * 3 * width;
      long to = 4L * (past + i) * width;
      MemorySegment.copy(qkv.memory(), from + 4L * width, keys.memory(), to, 4L * width);
      MemorySegment.copy(qkv.memory(), from + 8L * width, values.memory(), to, 4L * width);
    }
  }

  @Override
  public void cachedAttention(
      Tensor qkv, int past, int heads, Tensor keys, Tensor values, Tensor out) {
    int width = out.columns();
    workers.forEach(
        heads,
        (long) qkv.rows() * (past + qkv.rows()) * width / heads,
        (from, to) -> {
          for (int head = from; head < to; head++) {
            for (int i = 0; i < qkv.rows(); i++) {
              attention.cached(qkv, i, heads, head, past + i + 1, keys, values, out);
            }
          }
        });
  }

  @Override
  public void gatherRows(Tensor x, int[] rows, int from, Tensor y) {
    long bytes = 4L * x.columns();
    for (int i = 0; i < y.rows(); i++) {
      MemorySegment.copy(x.memory(), rows[from + i] * bytes, y.memory(), i * bytes, bytes);
    }
  }

  @Override
  public void scatterRows(Tensor dy, int[] rows, int from, Tensor dx) {
    int n = dy.columns();
    for (int i = 0; i < dy.rows(); i++) {
      long to = (long) rows[from + i] * n;
      VectorElementwise.add(dy.memory(), (long) i * n, dx.memory(), to, n);
    }
  }

  @Override
  public void crossEntropy(Tensor logits, int[] targets, int from, double[] losses) {
    workers.forEach(
        logits.rows(),
        logits.columns(),
        (first, end) -> {
          for (int i = first; i < end; i++) {
            losses[from + i] = VectorCrossEntropy.loss(logits, i, targets[from + i]);
          }
        });
  }

  @Override
  public void crossEntropyGradient(
      Tensor logits, int[] targets, double[] weights, int from, double[] losses) {
    workers.forEach(
        logits.rows(),
        logits.columns(),
        (first, end) -> {
          for (int i = first; i < end; i++) {
            losses[from + i] =
                VectorCrossEntropy.lossAndGradient(logits, i, targets[from + i], weights[from + i]);
          }
        });
  }

  @Override
  public void dropout(Tensor x, double rate, long key, Tensor y) {
    forEachElement(
        x,
        (from, to) ->
            VectorElementwise.dropout(x.memory(), rate, key, false, y.memory(), from, to));
  }

  @Override
  public void dropoutGradient(Tensor dy, double rate, long key, Tensor dx) {
    forEachElement(
        dy,
        (from, to) ->
            VectorElementwise.dropout(dy.memory(), rate, key, true, dx.memory(), from, to));
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return VectorElementwise.sumOfSquares(x.memory(), Math.toIntExact(x.size()));
  }

  @Override
  public void adamW(
      AdamWStep step, Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment) {
    forEachElement(
        value,
        (from, to) ->
            VectorElementwise.adamW(
                step,
                value.memory(),
                gradient.memory(),
                firstMoment.memory(),
                secondMoment.memory(),
                from,
                to));
  }

  /** Shares out a flat tensor in whole vectors, so that every element is computed the same way. */
  private void forEachElement(Tensor x, Workers.Task task) {
    int size = Math.toIntExact(x.size());
    forEachVector(size, Lanes.COUNT, task);
  }

  private void forEachColumn(Tensor x, Workers.Task task) {
    forEachVector(x.columns(), (long) x.rows() * Lanes.COUNT, task);
  }

  private void forEachVector(int size, long cost, Workers.Task task) {
    workers.forEach(
        Lanes.padded(size) / Lanes.COUNT,
        cost,
        (from, to) -> task.run(from * Lanes.COUNT, Math.min(size, to * Lanes.COUNT)));
  }

  /** Elements one head of one sequence touches, on average. */
  private static long attentionCost(Tensor qkv, int sequences, int heads) {
    long length = Math.max(1, qkv.rows() / sequences);
    return length * length * qkv.columns() / (3L * heads);
  }
}
