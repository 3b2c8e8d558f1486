package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.AdamWStep;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.kernels.RotaryTable;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Everything but matrix products, as fused loops over native memory with the Vector API, shared out
 * over a few threads. Rows (or columns, or heads) are independent, so the bytes do not depend on
 * who works on which.
 */
public abstract class VectorKernels implements Kernels {

  /** Threads that share an operation, matrix products of a subclass too. */
  protected final Workers workers;

  private final VectorLowRank lowRank;
  private final SumOfSquares squares;
  private final ElementOperations elements = new ElementOperations();
  private final VectorAttention attention = new VectorAttention();
  private final VectorAttentionGradient attentionGradient = new VectorAttentionGradient();
  private final VectorCachedAttention cachedAttention = new VectorCachedAttention();

  /**
   * @param threads working on one operation, at least 1
   */
  protected VectorKernels(int threads) {
    workers = new Workers(threads);
    lowRank = new VectorLowRank(workers);
    squares = new SumOfSquares(workers);
  }

  /** Vector width and threads, for {@link #description}. */
  protected final String vectors() {
    return "the rest in %d-bit vectors on %d threads"
        .formatted(Lanes.FLOATS.vectorBitSize(), workers.threads());
  }

  /** {@link #linear} for a single row: reads the weight once, in the order it lies in memory. */
  protected final void rowLinear(
      float alpha, Tensor x, DenseWeight weight, Tensor biasOrNull, boolean accumulate, Tensor y) {
    boolean started = startFromBias(biasOrNull, accumulate, y);
    if (!started) {
      y.zero();
    }
    forEachVector(
        weight.outputs(),
        (long) weight.inputs() * Lanes.COUNT,
        (from, to) -> VectorRow.multiply(alpha, x, weight, y, from, to));
  }

  /**
   * Prepares the result of a linear layer for a product that is added to it.
   *
   * @return whether there is anything to add to; if not, y is as it was
   */
  protected final boolean startFromBias(Tensor biasOrNull, boolean accumulate, Tensor y) {
    if (biasOrNull == null) {
      return accumulate;
    }
    int n = y.columns();
    workers.forEach(
        y.rows(),
        n,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            long at = (long) i * y.stride();
            if (accumulate) {
              VectorElementwise.add(biasOrNull.memory(), 0, y.memory(), at, n);
            } else {
              MemorySegment.copy(biasOrNull.memory(), 0, y.memory(), 4 * at, 4L * n);
            }
          }
        });
    return true;
  }

  @Override
  public void biasGradient(Tensor dy, Tensor dBias) {
    forEachColumn(
        dy,
        (from, to) -> {
          for (int i = 0; i < dy.rows(); i++) {
            long at = (long) i * dy.stride() + from;
            VectorElementwise.add(dy.memory(), at, dBias.memory(), from, to - from);
          }
        });
  }

  @Override
  public void lowRankDown(Tensor x, double dropoutRate, long dropoutKey, Tensor a, Tensor hidden) {
    lowRank.down(x, new VectorDropout(dropoutRate, dropoutKey), a, hidden);
  }

  @Override
  public void lowRankUp(float scaling, Tensor hidden, Tensor b, Tensor y) {
    lowRank.up(scaling, hidden, b, y);
  }

  @Override
  public void lowRankUpGradient(
      float scaling, Tensor dy, Tensor hidden, Tensor b, Tensor dB, Tensor dHidden) {
    lowRank.upGradient(scaling, dy, hidden, b, dB, dHidden);
  }

  @Override
  public void lowRankDownGradient(
      Tensor x,
      double dropoutRate,
      long dropoutKey,
      Tensor dHidden,
      Tensor a,
      Tensor dA,
      Tensor dxOrNull) {
    VectorDropout dropout = new VectorDropout(dropoutRate, dropoutKey);
    lowRank.downGradient(x, dropout, dHidden, a, dA, dxOrNull);
  }

  @Override
  public void embed(int[] rows, Tensor table, boolean accumulate, Tensor x) {
    int n = x.columns();
    workers.forEach(
        x.rows(),
        n,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            long source = (long) rows[i] * n;
            if (accumulate) {
              VectorElementwise.add(table.memory(), source, x.memory(), (long) i * n, n);
            } else {
              MemorySegment.copy(table.memory(), 4 * source, x.memory(), 4L * i * n, 4L * n);
            }
          }
        });
  }

  @Override
  public void embedGradient(int[] rows, Tensor dx, Tensor dTable) {
    int n = dx.columns();
    forEachColumn(
        dx,
        (from, to) -> {
          for (int i = 0; i < dx.rows(); i++) {
            long row = (long) rows[i] * n + from;
            long at = (long) i * n + from;
            VectorElementwise.add(dx.memory(), at, dTable.memory(), row, to - from);
          }
        });
  }

  @Override
  public void norm(Norm norm, Tensor x, Tensor statistics, Tensor y) {
    workers.forEach(
        x.rows(),
        x.columns(),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            VectorNorm.forward(norm, x, statistics, y, i);
          }
        });
  }

  @Override
  public void normInputGradient(
      Norm norm, Tensor x, Tensor statistics, Tensor dy, boolean accumulate, Tensor dx) {
    workers.forEach(
        x.rows(),
        x.columns(),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            VectorNorm.inputGradient(norm, x, statistics, dy, accumulate, dx, i);
          }
        });
  }

  @Override
  public void normParameterGradient(Tensor x, Tensor statistics, Tensor dy, Norm dNorm) {
    forEachVector(
        dNorm.group(),
        x.size() / dNorm.group() * Lanes.COUNT,
        (from, to) -> VectorNorm.parameterGradient(x, statistics, dy, dNorm, from, to));
  }

  @Override
  public void activate(Activation activation, Tensor x, Tensor y) {
    forEachElement(x, (from, to) -> elements.activate(activation, x, y, from, to));
  }

  @Override
  public void activationGradient(Activation activation, Tensor x, Tensor dy, Tensor dx) {
    forEachElement(x, (from, to) -> elements.activationGradient(activation, x, dy, dx, from, to));
  }

  @Override
  public void gate(Activation activation, Tensor gateUp, Tensor y) {
    workers.forEach(
        y.rows(),
        y.columns(),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            elements.gate(activation, gateUp, y, i);
          }
        });
  }

  @Override
  public void gateGradient(Activation activation, Tensor gateUp, Tensor dy, Tensor dGateUp) {
    workers.forEach(
        dy.rows(),
        dy.columns(),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            elements.gateGradient(activation, gateUp, dy, dGateUp, i);
          }
        });
  }

  @Override
  public void rotate(RotaryTable table, int[] positions, boolean backward, Tensor x) {
    workers.forEach(
        x.rows(),
        x.columns(),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            VectorRotary.rotate(table, positions[i], backward, x, i);
          }
        });
  }

  @Override
  public void attention(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      Tensor logSumExp,
      Tensor out) {
    int heads = shape.keyValueHeads();
    workers.forEachUneven(
        heads * sequences,
        attentionCost(shape, sequenceStarts, sequences),
        (from, to) -> {
          for (int item = from; item < to; item++) {
            int start = sequenceStarts[item / heads];
            int n = sequenceStarts[item / heads + 1] - start;
            attention.forward(
                shape,
                item % heads,
                qkv,
                start,
                n,
                qkv,
                shape.keyColumn(),
                qkv,
                shape.valueColumn(),
                start,
                0,
                n,
                logSumExp,
                out);
          }
        });
  }

  @Override
  public void attentionGradient(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv) {
    int heads = shape.keyValueHeads();
    workers.forEachUneven(
        heads * sequences,
        attentionCost(shape, sequenceStarts, sequences),
        (from, to) -> {
          for (int item = from; item < to; item++) {
            int start = sequenceStarts[item / heads];
            int n = sequenceStarts[item / heads + 1] - start;
            attentionGradient.backward(
                shape, item % heads, qkv, start, n, logSumExp, out, dOut, dQkv);
          }
        });
  }

  @Override
  public void cacheKeysAndValues(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int[] past,
      KeyValueRows cache) {
    long bytes = 4L * shape.keyValueWidth();
    for (int s = 0; s < sequences; s++) {
      long row = (long) s * cache.capacity() + past[s];
      for (int i = sequenceStarts[s]; i < sequenceStarts[s + 1]; i++, row++) {
        long from = 4L * i * qkv.columns();
        long keys = from + 4L * shape.keyColumn();
        long values = from + 4L * shape.valueColumn();
        MemorySegment.copy(qkv.memory(), keys, cache.keys().memory(), row * bytes, bytes);
        MemorySegment.copy(qkv.memory(), values, cache.values().memory(), row * bytes, bytes);
      }
    }
  }

  @Override
  public void cachedAttention(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int[] past,
      KeyValueRows cache,
      Tensor out) {
    int heads = shape.keyValueHeads();
    int group = shape.heads() / heads;
    long cost = 0;
    int longest = 0;
    for (int s = 0; s < sequences; s++) {
      int n = sequenceStarts[s + 1] - sequenceStarts[s];
      longest = Math.max(longest, n);
      cost += (long) n * (past[s] + n) * shape.queryWidth();
    }
    boolean packed = longest * group >= VectorCachedAttention.MANY;
    // A head of a sequence where it is packed; as many heads together as keep all threads busy
    // where it is not.
    int parts = packed ? heads : Math.min(heads, (workers.threads() - 1) / sequences + 1);
    workers.forEachUneven(
        parts * sequences,
        cost,
        (from, to) -> {
          for (int item = from; item < to; item++) {
            int s = item / parts;
            int part = item % parts;
            int start = sequenceStarts[s];
            int n = sequenceStarts[s + 1] - start;
            int firstKey = s * cache.capacity();
            if (packed) {
              attention.forward(
                  shape,
                  part,
                  qkv,
                  start,
                  n,
                  cache.keys(),
                  0,
                  cache.values(),
                  0,
                  firstKey,
                  past[s],
                  past[s] + n,
                  null,
                  out);
            } else {
              int fromHead = part * heads / parts;
              int toHead = (part + 1) * heads / parts;
              for (int i = 0; i < n; i++) {
                cachedAttention.forward(
                    shape, fromHead, toHead, qkv, start + i, cache, firstKey, past[s] + i + 1, out);
              }
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
    VectorDropout dropout = new VectorDropout(rate, key);
    forEachElement(x, (from, to) -> elements.dropout(dropout, x, false, y, from, to));
  }

  @Override
  public void dropoutGradient(Tensor dy, double rate, long key, Tensor dx) {
    VectorDropout dropout = new VectorDropout(rate, key);
    forEachElement(dy, (from, to) -> elements.dropout(dropout, dy, true, dx, from, to));
  }

  @Override
  public double sumOfSquares(Tensor x) {
    return squares.of(x);
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

  /** Elements all heads of all sequences touch. */
  private static long attentionCost(AttentionShape shape, int[] sequenceStarts, int sequences) {
    long cost = 0;
    for (int s = 0; s < sequences; s++) {
      long n = sequenceStarts[s + 1] - sequenceStarts[s];
      cost += n * n * shape.queryWidth();
    }
    return cost;
  }
}
