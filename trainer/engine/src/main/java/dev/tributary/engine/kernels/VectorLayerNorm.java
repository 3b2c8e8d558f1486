package dev.tributary.engine.kernels;

import static dev.tributary.engine.kernels.Lanes.all;
import static dev.tributary.engine.kernels.Lanes.bound;
import static dev.tributary.engine.kernels.Lanes.load;

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
    normalise(x, scale, shift, y, base, mean, reciprocal);
  }

  private static void normalise(
      Tensor x, Tensor scale, Tensor shift, Tensor y, long base, float mean, float reciprocal) {
    FloatVector vMean = all(mean);
    FloatVector vReciprocal = all(reciprocal);
    int n = x.columns();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value = load(x.memory(), base + i);
      FloatVector factor = load(scale.memory(), i);
      FloatVector offset = load(shift.memory(), i);
      FloatVector result = value.sub(vMean).mul(vReciprocal).fma(factor, offset);
      result.intoMemorySegment(y.memory(), 4 * (base + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float normed = (x.get(base + i) - mean) * reciprocal;
      y.set(base + i, Math.fma(normed, scale.get(i), shift.get(i)));
    }
  }

  static void inputGradient(
      Tensor x, Tensor scale, Tensor statistics, Tensor dy, Tensor dx, int row) {
    long base = (long) row * x.columns();
    float mean = statistics.get(row, 0);
    float reciprocal = statistics.get(row, 1);
    float sum = dot(dy.memory(), base, scale.memory(), x.columns());
    float projected = projection(x, scale, dy, base, mean, reciprocal);
    float n = x.columns();
    addGradient(x, scale, dy, dx, base, mean, reciprocal, sum / n, projected / n);
  }

  private static float dot(MemorySegment a, long base, MemorySegment b, int n) {
    FloatVector sums = Lanes.zero();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      sums = load(a, base + i).fma(load(b, i), sums);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      sum = Math.fma(a.getAtIndex(Tensor.FLOAT, base + i), b.getAtIndex(Tensor.FLOAT, i), sum);
    }
    return sum;
  }

  /** The product of the normalised row with its gradient. */
  private static float projection(
      Tensor x, Tensor scale, Tensor dy, long base, float mean, float reciprocal) {
    FloatVector vMean = all(mean);
    FloatVector sums = Lanes.zero();
    int n = x.columns();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value = load(x.memory(), base + i);
      FloatVector d = load(dy.memory(), base + i);
      FloatVector factor = load(scale.memory(), i);
      sums = value.sub(vMean).fma(d.mul(factor), sums);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      sum = Math.fma(x.get(base + i) - mean, dy.get(base + i) * scale.get(i), sum);
    }
    return sum * reciprocal;
  }

  private static void addGradient(
      Tensor x,
      Tensor scale,
      Tensor dy,
      Tensor dx,
      long base,
      float mean,
      float reciprocal,
      float meanGradient,
      float meanProjection) {
    FloatVector vMean = all(mean);
    FloatVector vReciprocal = all(reciprocal);
    FloatVector vMeanGradient = all(meanGradient);
    FloatVector vProjection = all(-meanProjection * reciprocal);
    int n = x.columns();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value = load(x.memory(), base + i);
      FloatVector d = load(dy.memory(), base + i);
      FloatVector factor = load(scale.memory(), i);
      FloatVector old = load(dx.memory(), base + i);
      FloatVector centred = value.sub(vMean).fma(vProjection, d.mul(factor).sub(vMeanGradient));
      centred.fma(vReciprocal, old).intoMemorySegment(dx.memory(), 4 * (base + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float gradient = dy.get(base + i) * scale.get(i) - meanGradient;
      float centred = Math.fma(x.get(base + i) - mean, -meanProjection * reciprocal, gradient);
      dx.set(base + i, Math.fma(centred, reciprocal, dx.get(base + i)));
    }
  }

  /** Columns {@code [from, to)} of all rows, in row order. */
  static void parameterGradient(
      Tensor x, Tensor statistics, Tensor dy, Tensor dScale, Tensor dShift, int from, int to) {
    for (int row = 0; row < x.rows(); row++) {
      addParameterGradient(x, statistics, dy, dScale, dShift, row, from, to);
    }
  }

  private static void addParameterGradient(
      Tensor x,
      Tensor statistics,
      Tensor dy,
      Tensor dScale,
      Tensor dShift,
      int row,
      int from,
      int to) {
    long base = (long) row * x.columns();
    float mean = statistics.get(row, 0);
    float reciprocal = statistics.get(row, 1);
    FloatVector vMean = all(mean);
    FloatVector vReciprocal = all(reciprocal);
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector d = load(dy.memory(), base + i);
      FloatVector value = load(x.memory(), base + i);
      FloatVector factor = load(dScale.memory(), i);
      FloatVector offset = load(dShift.memory(), i);
      factor = value.sub(vMean).mul(vReciprocal).fma(d, factor);
      factor.intoMemorySegment(dScale.memory(), 4L * i, Lanes.ORDER);
      offset.add(d).intoMemorySegment(dShift.memory(), 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      float d = dy.get(base + i);
      float normed = (x.get(base + i) - mean) * reciprocal;
      dScale.set(i, Math.fma(d, normed, dScale.get(i)));
      dShift.set(i, dShift.get(i) + d);
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
    FloatVector vMean = all(mean);
    FloatVector sums = Lanes.zero();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector centred = load(x, base + i).sub(vMean);
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
