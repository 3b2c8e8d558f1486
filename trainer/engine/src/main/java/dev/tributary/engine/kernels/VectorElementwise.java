package dev.tributary.engine.kernels;

import static dev.tributary.engine.kernels.Lanes.all;
import static dev.tributary.engine.kernels.Lanes.bound;
import static dev.tributary.engine.kernels.Lanes.load;
import static dev.tributary.engine.kernels.Lanes.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** Loops over flat memory: sums, products, AdamW. Indices and sizes are in floats. */
final class VectorElementwise {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** Elements summed in single precision before the sum goes on in double. */
  private static final int BLOCK = 4096;

  private VectorElementwise() {}

  /** {@code y[y0, y0 + n) += x[x0, x0 + n)}. */
  static void add(MemorySegment x, long x0, MemorySegment y, long y0, int n) {
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      store(load(y, y0 + i).add(load(x, x0 + i)), y, y0 + i);
    }
    for (; i < n; i++) {
      y.setAtIndex(FLOAT, y0 + i, y.getAtIndex(FLOAT, y0 + i) + x.getAtIndex(FLOAT, x0 + i));
    }
  }

  /** {@code y[y0, y0 + n) = a[a0, a0 + n) * b[b0, b0 + n)}. */
  static void product(
      MemorySegment a, long a0, MemorySegment b, long b0, MemorySegment y, long y0, int n) {
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      store(load(a, a0 + i).mul(load(b, b0 + i)), y, y0 + i);
    }
    for (; i < n; i++) {
      y.setAtIndex(FLOAT, y0 + i, a.getAtIndex(FLOAT, a0 + i) * b.getAtIndex(FLOAT, b0 + i));
    }
  }

  static float dot(MemorySegment a, long a0, MemorySegment b, long b0, int n) {
    FloatVector sums = Lanes.zero();
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      sums = load(a, a0 + i).fma(load(b, b0 + i), sums);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      sum = Math.fma(a.getAtIndex(FLOAT, a0 + i), b.getAtIndex(FLOAT, b0 + i), sum);
    }
    return sum;
  }

  static double sumOfSquares(MemorySegment x, int n) {
    double total = 0;
    for (int from = 0; from < n; from += BLOCK) {
      int to = Math.min(n, from + BLOCK);
      int end = from + bound(to - from);
      FloatVector squares = Lanes.zero();
      int i = from;
      for (; i < end; i += Lanes.COUNT) {
        FloatVector v = load(x, i);
        squares = v.fma(v, squares);
      }
      total += Lanes.sum(squares);
      for (; i < to; i++) {
        double v = x.getAtIndex(FLOAT, i);
        total += v * v;
      }
    }
    return total;
  }

  static void adamW(
      AdamWStep step,
      MemorySegment value,
      MemorySegment gradient,
      MemorySegment first,
      MemorySegment second,
      int from,
      int to) {
    float scale = (float) step.gradientScale();
    float beta1 = (float) step.beta1();
    float rest1 = (float) (1 - step.beta1());
    float beta2 = (float) step.beta2();
    float rest2 = (float) (1 - step.beta2());
    float keep = (float) (1 - step.learningRate() * step.weightDecay());
    float rate = (float) (step.learningRate() / step.firstCorrection());
    float rootScale = (float) (1 / step.secondCorrectionRoot());
    float epsilon = (float) step.epsilon();
    FloatVector vScale = all(scale);
    FloatVector vBeta1 = all(beta1);
    FloatVector vRest1 = all(rest1);
    FloatVector vBeta2 = all(beta2);
    FloatVector vRest2 = all(rest2);
    FloatVector vKeep = all(keep);
    FloatVector vRate = all(rate);
    FloatVector vRootScale = all(rootScale);
    FloatVector vEpsilon = all(epsilon);
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector g = load(gradient, i);
      FloatVector m = load(first, i);
      FloatVector v = load(second, i);
      FloatVector w = load(value, i);
      g = g.mul(vScale);
      m = m.mul(vBeta1).add(g.mul(vRest1));
      v = v.mul(vBeta2).add(g.mul(vRest2).mul(g));
      FloatVector denominator = v.sqrt().mul(vRootScale).add(vEpsilon);
      w = w.mul(vKeep).sub(m.div(denominator).mul(vRate));
      m.intoMemorySegment(first, 4L * i, Lanes.ORDER);
      v.intoMemorySegment(second, 4L * i, Lanes.ORDER);
      w.intoMemorySegment(value, 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      float g = gradient.getAtIndex(FLOAT, i) * scale;
      float m = first.getAtIndex(FLOAT, i) * beta1 + g * rest1;
      float v = second.getAtIndex(FLOAT, i) * beta2 + g * rest2 * g;
      first.setAtIndex(FLOAT, i, m);
      second.setAtIndex(FLOAT, i, v);
      float denominator = (float) Math.sqrt(v) * rootScale + epsilon;
      value.setAtIndex(FLOAT, i, value.getAtIndex(FLOAT, i) * keep - m / denominator * rate);
    }
  }
}
