package dev.tributary.engine.kernels.vector;

import static dev.tributary.engine.kernels.vector.Lanes.bound;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What choosing a token needs of one row of logits, in vectors: a vocabulary has 50,000 to 150,000
 * tokens. Logits are {@code [n, vocabulary]}, contiguous.
 */
public final class LogitRow {

  private LogitRow() {}

  /** The largest logit; NaN if any is. */
  public static float max(Tensor logits, int row) {
    int n = logits.columns();
    long base = (long) row * n;
    FloatVector largest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      largest =
          largest.max(
              FloatVector.fromMemorySegment(
                  Lanes.FLOATS, logits.memory(), 4L * (base + i), Lanes.ORDER));
    }
    float max = largest.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, logits.get(base + i));
    }
    return max;
  }

  /** The first column with this value, which the row must have. */
  public static int firstOf(float value, Tensor logits, int row) {
    int n = logits.columns();
    long base = (long) row * n;
    int i = 0;
    for (int end = bound(n); i < end; i += Lanes.COUNT) {
      if (FloatVector.fromMemorySegment(Lanes.FLOATS, logits.memory(), 4L * (base + i), Lanes.ORDER)
          .eq(value)
          .anyTrue()) {
        break;
      }
    }
    while (logits.get(base + i) != value) {
      i++;
    }
    return i;
  }

  /**
   * {@code weights[i] = exp(scale (logits[row, i] - max))}: what softmax divides by its sum.
   *
   * @param max the largest logit of the row
   * @param weights {@code [1, vocabulary]}, between 1e-38 and 1
   */
  public static void weigh(Tensor logits, int row, float max, float scale, Tensor weights) {
    MemorySegment memory = logits.memory();
    int n = logits.columns();
    long base = (long) row * n;
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, max);
    FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, scale);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector x =
          FloatVector.fromMemorySegment(Lanes.FLOATS, memory, 4L * (base + i), Lanes.ORDER)
              .sub(shift)
              .mul(factor);
      Lanes.exp(x).intoMemorySegment(weights.memory(), 4L * i, Lanes.ORDER);
    }
    for (; i < n; i++) {
      float x = (memory.getAtIndex(Tensor.FLOAT, base + i) - max) * scale;
      weights.set(i, Lanes.exp(x));
    }
  }
}
