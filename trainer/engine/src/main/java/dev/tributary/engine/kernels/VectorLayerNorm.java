package dev.tributary.engine.kernels;

import static dev.tributary.engine.kernels.Lanes.all;
import static dev.tributary.engine.kernels.Lanes.bound;
import static dev.tributary.engine.kernels.Lanes.load;
import static dev.tributary.engine.kernels.Lanes.store;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Layer normalisation, a row at a time. */
final class VectorLayerNorm {

  private VectorLayerNorm() {}

  static void forward(
      Tensor x, Tensor scale, Tensor shift, double epsilon, Tensor statistics, Tensor y, int row) {
    int n = x.columns();
    long base = (long) row * n;
    float mean = sum(x.memory(), base, n) / n;
    float variance = sumOfSquares(x.memory(), base, n, mean) / n;
    float reciprocal = (float) (1 / Math.sqrt(variance + epsilon));
    statistics.set(row, 0, mean);
    statistics.set(row, 1, reciprocal);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector normed = load(x.memory(), base + i).sub(mean).mul(reciprocal);
      store(normed.fma(load(scale.memory(), i), load(shift.memory(), i)), y.memory(), base + i);
    }
    for (; i < n; i++) {
      float normed = (x.get(base + i) - mean) * reciprocal;
      y.set(base + i, Math.fma(normed, scale.get(i), shift.get(i)));
    }
  }

  static void inputGradient(
      Tensor x, Tensor scale, Tensor statistics, Tensor dy, Tensor dx, int row) {
    int n = x.columns();
    long base = (long) row * n;
    float mean = statistics.get(row, 0);
    float reciprocal = statistics.get(row, 1);
    FloatVector sums = Lanes.zero();
    FloatVector projections = Lanes.zero();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector dNormed = load(dy.memory(), base + i).mul(load(scale.memory(), i));
      FloatVector normed = load(x.memory(), base + i).sub(mean).mul(reciprocal);
      sums = sums.add(dNormed);
      projections = dNormed.fma(normed, projections);
    }
    float sum = Lanes.sum(sums);
    float projected = Lanes.sum(projections);
    for (; i < n; i++) {
      float dNormed = dy.get(base + i) * scale.get(i);
      sum += dNormed;
      projected += dNormed * (x.get(base + i) - mean) * reciprocal;
    }
    sum /= n;
    projected /= n;
    for (i = 0; i < end; i += Lanes.COUNT) {
      FloatVector dNormed = load(dy.memory(), base + i).mul(load(scale.memory(), i));
      FloatVector normed = load(x.memory(), base + i).sub(mean).mul(reciprocal);
      FloatVector centred = normed.fma(all(-projected), dNormed.sub(sum));
      store(centred.fma(all(reciprocal), load(dx.memory(), base + i)), dx.memory(), base + i);
    }
    for (; i < n; i++) {
      float dNormed = dy.get(base + i) * scale.get(i);
      float normed = (x.get(base + i) - mean) * reciprocal;
      float centred = Math.fma(normed, -projected, dNormed - sum);
      dx.set(base + i, Math.fma(centred, reciprocal, dx.get(base + i)));
    }
  }

  /** Columns {@code [from, to)} of all rows, in row order. */
  static void parameterGradient(
      Tensor x, Tensor statistics, Tensor dy, Tensor dScale, Tensor dShift, int from, int to) {
    int n = x.columns();
    int end = from + bound(to - from);
    for (int row = 0; row < x.rows(); row++) {
      long base = (long) row * n;
      float mean = statistics.get(row, 0);
      float reciprocal = statistics.get(row, 1);
      int i = from;
      for (; i < end; i += Lanes.COUNT) {
        FloatVector d = load(dy.memory(), base + i);
        FloatVector normed = load(x.memory(), base + i).sub(mean).mul(reciprocal);
        store(d.fma(normed, load(dScale.memory(), i)), dScale.memory(), i);
        store(load(dShift.memory(), i).add(d), dShift.memory(), i);
      }
      for (; i < to; i++) {
        float d = dy.get(base + i);
        float normed = (x.get(base + i) - mean) * reciprocal;
        dScale.set(i, Math.fma(d, normed, dScale.get(i)));
        dShift.set(i, dShift.get(i) + d);
      }
    }
  }

  private static float sum(MemorySegment x, long base, int n) {
    FloatVector sums = Lanes.zero();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      sums = sums.add(load(x, base + i));
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      sum += x.getAtIndex(Tensor.FLOAT, base + i);
    }
    return sum;
  }

  private static float sumOfSquares(MemorySegment x, long base, int n, float mean) {
    FloatVector sums = Lanes.zero();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector centred = load(x, base + i).sub(mean);
      sums = centred.fma(centred, sums);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      float centred = x.getAtIndex(Tensor.FLOAT, base + i) - mean;
      sum = Math.fma(centred, centred, sum);
    }
    return sum;
  }
}
