package dev.tributary.engine.kernels;

import static dev.tributary.engine.kernels.Lanes.all;
import static dev.tributary.engine.kernels.Lanes.bound;
import static dev.tributary.engine.kernels.Lanes.load;

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
    double sum = sumOfExponentials(logits, row, max);
    double loss = max + Math.log(sum) - logits.get(row, target);
    long base = (long) row * logits.columns();
    // By the largest logit and not by the log-sum-exp, which a float would round.
    exponentials(logits.memory(), base, logits.columns(), max, (float) (weight / sum));
    logits.set(row, target, (float) (logits.get(row, target) - weight));
    return loss;
  }

  /** {@code x = scale exp(x - max)}. */
  private static void exponentials(MemorySegment memory, long base, int n, float max, float scale) {
    FloatVector shift = all(max);
    FloatVector factor = all(scale);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector e = Lanes.exp(load(memory, base + i).sub(shift));
      e.mul(factor).intoMemorySegment(memory, 4 * (base + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float logit = memory.getAtIndex(Tensor.FLOAT, base + i);
      memory.setAtIndex(Tensor.FLOAT, base + i, Lanes.exp(logit - max) * scale);
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
    FloatVector shift = all(max);
    FloatVector sums = Lanes.zero();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      sums = sums.add(Lanes.exp(load(memory, base + i).sub(shift)));
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      sum += Lanes.exp(memory.getAtIndex(Tensor.FLOAT, base + i) - max);
    }
    return sum;
  }

  private static float max(Tensor logits, int row) {
    int n = logits.columns();
    long base = (long) row * n;
    FloatVector largest = all(Float.NEGATIVE_INFINITY);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      largest = largest.max(load(logits.memory(), base + i));
    }
    float max = largest.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, logits.get(base + i));
    }
    return max;
  }
}
