package dev.tributary.engine.kernels;

import static dev.tributary.engine.kernels.Lanes.all;
import static dev.tributary.engine.kernels.Lanes.bound;
import static dev.tributary.engine.kernels.Lanes.load;
import static dev.tributary.engine.kernels.Lanes.store;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax and negative log-likelihood of one row of logits. */
final class VectorCrossEntropy {

  private static final int BLOCK = 4096;

  private VectorCrossEntropy() {}

  static double loss(Tensor logits, int row, int target) {
    return logSumExp(logits, row) - logits.get(row, target);
  }

  /** {@link #loss}, and the row becomes {@code weight (softmax - onehot)}. */
  static double lossAndGradient(Tensor logits, int row, int target, double weight) {
    double logSumExp = logSumExp(logits, row);
    double loss = logSumExp - logits.get(row, target);
    int n = logits.columns();
    long base = (long) row * n;
    MemorySegment memory = logits.memory();
    float shift = (float) logSumExp;
    float scale = (float) weight;
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      store(Lanes.exp(load(memory, base + i).sub(shift)).mul(scale), memory, base + i);
    }
    for (; i < n; i++) {
      logits.set(base + i, Lanes.exp(logits.get(base + i) - shift) * scale);
    }
    logits.set(row, target, logits.get(row, target) - scale);
    return loss;
  }

  private static double logSumExp(Tensor logits, int row) {
    int n = logits.columns();
    long base = (long) row * n;
    MemorySegment memory = logits.memory();
    float max = max(memory, base, n);
    double sum = 0;
    for (int from = 0; from < n; from += BLOCK) {
      int to = Math.min(n, from + BLOCK);
      int end = from + bound(to - from);
      FloatVector sums = Lanes.zero();
      int i = from;
      for (; i < end; i += Lanes.COUNT) {
        sums = sums.add(Lanes.exp(load(memory, base + i).sub(max)));
      }
      sum += Lanes.sum(sums);
      for (; i < to; i++) {
        sum += Lanes.exp(memory.getAtIndex(Tensor.FLOAT, base + i) - max);
      }
    }
    return max + Math.log(sum);
  }

  private static float max(MemorySegment memory, long base, int n) {
    FloatVector largest = all(Float.NEGATIVE_INFINITY);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      largest = largest.max(load(memory, base + i));
    }
    float max = largest.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, memory.getAtIndex(Tensor.FLOAT, base + i));
    }
    return max;
  }
}
