package dev.tributary.engine.kernels.vector;

import static dev.tributary.engine.kernels.vector.Lanes.bound;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of one row with a weight, as generation needs it for every token: bound by reading
 * the weight once, in the order it lies in memory. BLAS spends longer on waking its threads.
 */
final class VectorRow {

  private VectorRow() {}

  /** Outputs {@code [from, to)} of {@code y += alpha x W}. */
  static void multiply(float alpha, Tensor x, DenseWeight weight, Tensor y, int from, int to) {
    if (weight.isOutIn()) {
      for (int o = from; o < to; o++) {
        long row = (long) o * weight.inputs();
        float product = dot(x.memory(), weight.values().memory(), row, weight.inputs());
        y.set(o, Math.fma(alpha, product, y.get(o)));
      }
      return;
    }
    int in = weight.inputs();
    int k = 0;
    for (; k + 4 <= in; k += 4) {
      addFour(alpha, x, k, weight.values(), y, from, to);
    }
    for (; k < in; k++) {
      addOne(alpha * x.get(k), k, weight.values(), y, from, to);
    }
  }

  private static float dot(MemorySegment x, MemorySegment weight, long row, int n) {
    FloatVector even = FloatVector.zero(Lanes.FLOATS);
    FloatVector odd = FloatVector.zero(Lanes.FLOATS);
    int end = bound(n);
    int i = 0;
    for (; i + 2 * Lanes.COUNT <= end; i += 2 * Lanes.COUNT) {
      even =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * i, Lanes.ORDER)
              .fma(
                  FloatVector.fromMemorySegment(Lanes.FLOATS, weight, 4L * (row + i), Lanes.ORDER),
                  even);
      odd =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (i + Lanes.COUNT), Lanes.ORDER)
              .fma(
                  FloatVector.fromMemorySegment(
                      Lanes.FLOATS, weight, 4L * (row + i + Lanes.COUNT), Lanes.ORDER),
                  odd);
    }
    for (; i < end; i += Lanes.COUNT) {
      even =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * i, Lanes.ORDER)
              .fma(
                  FloatVector.fromMemorySegment(Lanes.FLOATS, weight, 4L * (row + i), Lanes.ORDER),
                  even);
    }
    float sum = Lanes.sum(even.add(odd));
    for (; i < n; i++) {
      sum = Math.fma(x.getAtIndex(Tensor.FLOAT, i), weight.getAtIndex(Tensor.FLOAT, row + i), sum);
    }
    return sum;
  }

  /** Four rows of the weight at a time, so that y is read and written a quarter as often. */
  private static void addFour(
      float alpha, Tensor x, int k, Tensor weight, Tensor y, int from, int to) {
    MemorySegment w = weight.memory();
    int n = weight.columns();
    long row = (long) k * n;
    float x0 = alpha * x.get(k);
    float x1 = alpha * x.get(k + 1);
    float x2 = alpha * x.get(k + 2);
    float x3 = alpha * x.get(k + 3);
    FloatVector v0 = FloatVector.broadcast(Lanes.FLOATS, x0);
    FloatVector v1 = FloatVector.broadcast(Lanes.FLOATS, x1);
    FloatVector v2 = FloatVector.broadcast(Lanes.FLOATS, x2);
    FloatVector v3 = FloatVector.broadcast(Lanes.FLOATS, x3);
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, y.memory(), 4L * i, Lanes.ORDER);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, w, 4L * (row + i), Lanes.ORDER).fma(v0, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, w, 4L * (row + n + i), Lanes.ORDER)
              .fma(v1, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, w, 4L * (row + 2L * n + i), Lanes.ORDER)
              .fma(v2, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, w, 4L * (row + 3L * n + i), Lanes.ORDER)
              .fma(v3, sum);
      sum.intoMemorySegment(y.memory(), 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      float sum = Math.fma(weight.get(row + i), x0, y.get(i));
      sum = Math.fma(weight.get(row + n + i), x1, sum);
      sum = Math.fma(weight.get(row + 2L * n + i), x2, sum);
      y.set(i, Math.fma(weight.get(row + 3L * n + i), x3, sum));
    }
  }

  private static void addOne(float xk, int k, Tensor weight, Tensor y, int from, int to) {
    long row = (long) k * weight.columns();
    FloatVector v = FloatVector.broadcast(Lanes.FLOATS, xk);
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, weight.memory(), 4L * (row + i), Lanes.ORDER)
              .fma(v, FloatVector.fromMemorySegment(Lanes.FLOATS, y.memory(), 4L * i, Lanes.ORDER));
      sum.intoMemorySegment(y.memory(), 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      y.set(i, Math.fma(weight.get(row + i), xk, y.get(i)));
    }
  }
}
