package dev.tributary.engine.kernels.vector;

import static dev.tributary.engine.kernels.vector.Lanes.bound;

import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Normalisation, a row at a time, group by group. */
final class VectorNorm {

  private VectorNorm() {}

  static void forward(Norm norm, Tensor x, Tensor statistics, Tensor y, int row) {
    int size = norm.group();
    for (int group = 0; group < x.columns() / size; group++) {
      long xAt = (long) row * x.stride() + group * size;
      long yAt = (long) row * y.stride() + group * size;
      float mean = norm.centred() ? sum(x.memory(), xAt, size) / size : 0;
      float variance = sumOfSquares(x.memory(), xAt, size, mean) / size;
      float reciprocal = (float) (1 / Math.sqrt(variance + norm.epsilon()));
      statistics.set(row, 2 * group, mean);
      statistics.set(row, 2 * group + 1, reciprocal);
      if (norm.centred()) {
        normalise(x.memory(), xAt, norm, y.memory(), yAt, mean, reciprocal);
      } else {
        scale(x.memory(), xAt, norm.scale().memory(), size, y.memory(), yAt, reciprocal);
      }
    }
  }

  private static void normalise(
      MemorySegment x,
      long xAt,
      Norm norm,
      MemorySegment y,
      long yAt,
      float mean,
      float reciprocal) {
    MemorySegment scale = norm.scale().memory();
    MemorySegment shift = norm.shiftOrNull().memory();
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector vReciprocal = FloatVector.broadcast(Lanes.FLOATS, reciprocal);
    int n = norm.group();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector factor = FloatVector.fromMemorySegment(Lanes.FLOATS, scale, 4L * i, Lanes.ORDER);
      FloatVector offset = FloatVector.fromMemorySegment(Lanes.FLOATS, shift, 4L * i, Lanes.ORDER);
      FloatVector result = value.sub(vMean).mul(vReciprocal).fma(factor, offset);
      result.intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float normed = (x.getAtIndex(Tensor.FLOAT, xAt + i) - mean) * reciprocal;
      float factor = scale.getAtIndex(Tensor.FLOAT, i);
      float offset = shift.getAtIndex(Tensor.FLOAT, i);
      y.setAtIndex(Tensor.FLOAT, yAt + i, Math.fma(normed, factor, offset));
    }
  }

  private static void scale(
      MemorySegment x,
      long xAt,
      MemorySegment scale,
      int n,
      MemorySegment y,
      long yAt,
      float reciprocal) {
    FloatVector vReciprocal = FloatVector.broadcast(Lanes.FLOATS, reciprocal);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector result =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER)
              .mul(vReciprocal)
              .mul(FloatVector.fromMemorySegment(Lanes.FLOATS, scale, 4L * i, Lanes.ORDER));
      result.intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float normed = x.getAtIndex(Tensor.FLOAT, xAt + i) * reciprocal;
      y.setAtIndex(Tensor.FLOAT, yAt + i, normed * scale.getAtIndex(Tensor.FLOAT, i));
    }
  }

  static void inputGradient(
      Norm norm, Tensor x, Tensor statistics, Tensor dy, boolean accumulate, Tensor dx, int row) {
    int size = norm.group();
    MemorySegment scale = norm.scale().memory();
    for (int group = 0; group < x.columns() / size; group++) {
      long xAt = (long) row * x.stride() + group * size;
      long dyAt = (long) row * dy.stride() + group * size;
      long dxAt = (long) row * dx.stride() + group * size;
      float mean = statistics.get(row, 2 * group);
      float reciprocal = statistics.get(row, 2 * group + 1);
      float sum = norm.centred() ? VectorElementwise.dot(dy.memory(), dyAt, scale, 0, size) : 0;
      float projected = projection(x.memory(), xAt, dy.memory(), dyAt, scale, size, mean);
      float slope = -projected * reciprocal * reciprocal / size;
      if (!accumulate) {
        gradient(
            x.memory(),
            xAt,
            dy.memory(),
            dyAt,
            scale,
            size,
            mean,
            reciprocal,
            sum / size,
            slope,
            dx.memory(),
            dxAt);
      } else {
        addGradient(
            x.memory(),
            xAt,
            dy.memory(),
            dyAt,
            scale,
            size,
            mean,
            reciprocal,
            sum / size,
            slope,
            dx.memory(),
            dxAt);
      }
    }
  }

  /** The product of the centred input with the gradient by the normalised one. */
  private static float projection(
      MemorySegment x,
      long xAt,
      MemorySegment dy,
      long dyAt,
      MemorySegment scale,
      int n,
      float mean) {
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector factor = FloatVector.fromMemorySegment(Lanes.FLOATS, scale, 4L * i, Lanes.ORDER);
      sums = value.sub(vMean).fma(d.mul(factor), sums);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      float d = dy.getAtIndex(Tensor.FLOAT, dyAt + i) * scale.getAtIndex(Tensor.FLOAT, i);
      sum = Math.fma(x.getAtIndex(Tensor.FLOAT, xAt + i) - mean, d, sum);
    }
    return sum;
  }

  /** {@code dx = reciprocal (dy scale - meanGradient + slope (x - mean))}. */
  private static void gradient(
      MemorySegment x,
      long xAt,
      MemorySegment dy,
      long dyAt,
      MemorySegment scale,
      int n,
      float mean,
      float reciprocal,
      float meanGradient,
      float slope,
      MemorySegment dx,
      long dxAt) {
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector vReciprocal = FloatVector.broadcast(Lanes.FLOATS, reciprocal);
    FloatVector vMeanGradient = FloatVector.broadcast(Lanes.FLOATS, meanGradient);
    FloatVector vSlope = FloatVector.broadcast(Lanes.FLOATS, slope);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector factor = FloatVector.fromMemorySegment(Lanes.FLOATS, scale, 4L * i, Lanes.ORDER);
      FloatVector sum = value.sub(vMean).fma(vSlope, d.mul(factor).sub(vMeanGradient));
      sum.mul(vReciprocal).intoMemorySegment(dx, 4 * (dxAt + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float d = dy.getAtIndex(Tensor.FLOAT, dyAt + i) * scale.getAtIndex(Tensor.FLOAT, i);
      float centred = x.getAtIndex(Tensor.FLOAT, xAt + i) - mean;
      float sum = Math.fma(centred, slope, d - meanGradient);
      dx.setAtIndex(Tensor.FLOAT, dxAt + i, sum * reciprocal);
    }
  }

  /** {@link #gradient}, added to dx. */
  private static void addGradient(
      MemorySegment x,
      long xAt,
      MemorySegment dy,
      long dyAt,
      MemorySegment scale,
      int n,
      float mean,
      float reciprocal,
      float meanGradient,
      float slope,
      MemorySegment dx,
      long dxAt) {
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector vReciprocal = FloatVector.broadcast(Lanes.FLOATS, reciprocal);
    FloatVector vMeanGradient = FloatVector.broadcast(Lanes.FLOATS, meanGradient);
    FloatVector vSlope = FloatVector.broadcast(Lanes.FLOATS, slope);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector factor = FloatVector.fromMemorySegment(Lanes.FLOATS, scale, 4L * i, Lanes.ORDER);
      FloatVector old =
          FloatVector.fromMemorySegment(Lanes.FLOATS, dx, 4L * (dxAt + i), Lanes.ORDER);
      FloatVector sum = value.sub(vMean).fma(vSlope, d.mul(factor).sub(vMeanGradient));
      sum.fma(vReciprocal, old).intoMemorySegment(dx, 4 * (dxAt + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float d = dy.getAtIndex(Tensor.FLOAT, dyAt + i) * scale.getAtIndex(Tensor.FLOAT, i);
      float centred = x.getAtIndex(Tensor.FLOAT, xAt + i) - mean;
      float sum = Math.fma(centred, slope, d - meanGradient);
      float old = dx.getAtIndex(Tensor.FLOAT, dxAt + i);
      dx.setAtIndex(Tensor.FLOAT, dxAt + i, Math.fma(sum, reciprocal, old));
    }
  }

  /** Elements {@code [from, to)} of a group, over all rows and groups in order. */
  static void parameterGradient(
      Tensor x, Tensor statistics, Tensor dy, Norm dNorm, int from, int to) {
    int size = dNorm.group();
    for (int row = 0; row < x.rows(); row++) {
      for (int group = 0; group < x.columns() / size; group++) {
        float mean = statistics.get(row, 2 * group);
        float reciprocal = statistics.get(row, 2 * group + 1);
        long xAt = (long) row * x.stride() + group * size;
        long dyAt = (long) row * dy.stride() + group * size;
        MemorySegment d = dy.memory();
        addScaleGradient(
            x.memory(), xAt, d, dyAt, mean, reciprocal, dNorm.scale().memory(), from, to);
        if (dNorm.centred()) {
          VectorElementwise.add(d, dyAt + from, dNorm.shiftOrNull().memory(), from, to - from);
        }
      }
    }
  }

  private static void addScaleGradient(
      MemorySegment x,
      long xAt,
      MemorySegment dy,
      long dyAt,
      float mean,
      float reciprocal,
      MemorySegment dScale,
      int from,
      int to) {
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector vReciprocal = FloatVector.broadcast(Lanes.FLOATS, reciprocal);
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector value =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector sum =
          value
              .sub(vMean)
              .mul(vReciprocal)
              .fma(d, FloatVector.fromMemorySegment(Lanes.FLOATS, dScale, 4L * i, Lanes.ORDER));
      sum.intoMemorySegment(dScale, 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      float d = dy.getAtIndex(Tensor.FLOAT, dyAt + i);
      float normed = (x.getAtIndex(Tensor.FLOAT, xAt + i) - mean) * reciprocal;
      dScale.setAtIndex(Tensor.FLOAT, i, Math.fma(d, normed, dScale.getAtIndex(Tensor.FLOAT, i)));
    }
  }

  private static float sum(MemorySegment x, long at, int n) {
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      sums = sums.add(FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (at + i), Lanes.ORDER));
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      sum += x.getAtIndex(Tensor.FLOAT, at + i);
    }
    return sum;
  }

  private static float sumOfSquares(MemorySegment x, long at, int n, float mean) {
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector centred =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (at + i), Lanes.ORDER).sub(vMean);
      sums = centred.fma(centred, sums);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      float centred = x.getAtIndex(Tensor.FLOAT, at + i) - mean;
      sum = Math.fma(centred, centred, sum);
    }
    return sum;
  }
}
