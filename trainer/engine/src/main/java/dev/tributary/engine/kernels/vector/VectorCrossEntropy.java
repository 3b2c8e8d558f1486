package dev.tributary.engine.kernels.vector;

import static dev.tributary.engine.kernels.vector.Lanes.bound;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax and negative log-likelihood of one row of logits. */
final class VectorCrossEntropy {

  private static final int BLOCK = 4096;

  private VectorCrossEntropy() {}

  static double loss(Tensor logits, int row, int target) {
    float max = max(logits, row);
    return max + Math.log(sumOfExponentials(logits, row, max)) - logits.get(row, target);
  }

  /** {@link #loss}, and the row becomes {@code weight (softmax - onehot)}. */
  static double lossAndGradient(Tensor logits, int row, int target, double weight) {
    float max = max(logits, row);
    float logit = logits.get(row, target);
    int n = logits.columns();
    long base = (long) row * n;
    double sum = 0;
    for (int from = 0; from < n; from += BLOCK) {
      sum += exponentials(logits.memory(), base + from, Math.min(BLOCK, n - from), max);
    }
    // By the largest logit and not by the log-sum-exp, which a float would round.
    scale(logits.memory(), base, n, (float) (weight / sum));
    logits.set(row, target, (float) (logits.get(row, target) - weight));
    return max + Math.log(sum) - logit;
  }

  /** {@code x = exp(x - max)}; gives the sum. */
  private static float exponentials(MemorySegment memory, long base, int n, float max) {
    int end = bound(n);
    float sum = end > 0 ? wholeExponentials(memory, base, end, max) : 0;
    for (int i = end; i < n; i++) {
      float e = Lanes.exp(memory.getAtIndex(Tensor.FLOAT, base + i) - max);
      sum += e;
      memory.setAtIndex(Tensor.FLOAT, base + i, e);
    }
    return sum;
  }

  private static float wholeExponentials(MemorySegment memory, long base, int n, float max) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, max);
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector logit =
          FloatVector.fromMemorySegment(Lanes.FLOATS, memory, 4 * (base + i), Lanes.ORDER);
      FloatVector e = Lanes.exp(logit.sub(shift));
      sums = sums.add(e);
      e.intoMemorySegment(memory, 4 * (base + i), Lanes.ORDER);
    }
    return Lanes.sum(sums);
  }

  private static void scale(MemorySegment memory, long base, int n, float factor) {
    FloatVector factors = FloatVector.broadcast(Lanes.FLOATS, factor);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector product =
          FloatVector.fromMemorySegment(Lanes.FLOATS, memory, 4L * (base + i), Lanes.ORDER)
              .mul(factors);
      product.intoMemorySegment(memory, 4 * (base + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float product = memory.getAtIndex(Tensor.FLOAT, base + i) * factor;
      memory.setAtIndex(Tensor.FLOAT, base + i, product);
    }
  }

  private static double sumOfExponentials(Tensor logits, int row, float max) {
    int n = logits.columns();
    long base = (long) row * n;
    double sum = 0;
    for (int from = 0; from < n; from += BLOCK) {
      sum += sumOfExponentials(logits.memory(), base + from, Math.min(BLOCK, n - from), max);
    }
    return sum;
  }

  private static float sumOfExponentials(MemorySegment memory, long base, int n, float max) {
    int end = bound(n);
    float sum = end > 0 ? sumOfWholeExponentials(memory, base, end, max) : 0;
    for (int i = end; i < n; i++) {
      sum += Lanes.exp(memory.getAtIndex(Tensor.FLOAT, base + i) - max);
    }
    return sum;
  }

  private static float sumOfWholeExponentials(MemorySegment memory, long base, int n, float max) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, max);
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector logit =
          FloatVector.fromMemorySegment(Lanes.FLOATS, memory, 4 * (base + i), Lanes.ORDER);
      sums = sums.add(Lanes.exp(logit.sub(shift)));
    }
    return Lanes.sum(sums);
  }

  private static float max(Tensor logits, int row) {
    int n = logits.columns();
    long base = (long) row * n;
    MemorySegment memory = logits.memory();
    FloatVector even = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
    FloatVector odd = even;
    int i = 0;
    for (; i + 2 * Lanes.COUNT <= n; i += 2 * Lanes.COUNT) {
      even =
          even.max(
              FloatVector.fromMemorySegment(Lanes.FLOATS, memory, 4L * (base + i), Lanes.ORDER));
      odd =
          odd.max(
              FloatVector.fromMemorySegment(
                  Lanes.FLOATS, memory, 4L * (base + i + Lanes.COUNT), Lanes.ORDER));
    }
    float max = even.max(odd).reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, logits.get(base + i));
    }
    return max;
  }
}
