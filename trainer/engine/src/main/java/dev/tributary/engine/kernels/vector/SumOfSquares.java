package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** The sum of a tensor's squares, in parts that do not depend on the number of threads. */
final class SumOfSquares {

  private static final int PARTS = 16;

  /** Elements summed in single precision before the sum goes on in double. */
  private static final int BLOCK = 4096;

  private final Workers workers;
  private final ThreadLocal<double[]> sums = ThreadLocal.withInitial(() -> new double[PARTS]);

  SumOfSquares(Workers workers) {
    this.workers = workers;
  }

  double of(Tensor x) {
    int size = Math.toIntExact(x.size());
    int part = Math.ceilDiv(Math.ceilDiv(size, BLOCK), PARTS) * BLOCK;
    double[] parts = sums.get();
    workers.forEach(
        PARTS,
        part,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int start = (int) Math.min(size, (long) i * part);
            parts[i] = sum(x.memory(), start, (int) Math.min(size, (long) start + part));
          }
        });
    double total = 0;
    for (double sum : parts) {
      total += sum;
    }
    return total;
  }

  private static double sum(MemorySegment x, int start, int stop) {
    double total = 0;
    for (int from = start; from < stop; from += BLOCK) {
      int to = Math.min(stop, from + BLOCK);
      int end = from + Lanes.bound(to - from);
      FloatVector squares = FloatVector.zero(Lanes.FLOATS);
      int i = from;
      for (; i < end; i += Lanes.COUNT) {
        FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * i, Lanes.ORDER);
        squares = v.fma(v, squares);
      }
      total += Lanes.sum(squares);
      for (; i < to; i++) {
        double v = x.getAtIndex(Tensor.FLOAT, i);
        total += v * v;
      }
    }
    return total;
  }
}
