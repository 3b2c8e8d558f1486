package dev.tributary.engine.kernels.vector;

import static dev.tributary.engine.kernels.vector.Lanes.bound;

import dev.tributary.engine.kernels.AdamWStep;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/** Loops over flat memory: sums, products, AdamW. Indices and sizes are in floats. */
final class VectorElementwise {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private VectorElementwise() {}

  /** {@code y[y0, y0 + n) += x[x0, x0 + n)}. */
  static void add(MemorySegment x, long x0, MemorySegment y, long y0, int n) {
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, y, 4L * (y0 + i), Lanes.ORDER)
          .add(FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (x0 + i), Lanes.ORDER))
          .intoMemorySegment(y, 4L * (y0 + i), Lanes.ORDER);
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
      FloatVector.fromMemorySegment(Lanes.FLOATS, a, 4L * (a0 + i), Lanes.ORDER)
          .mul(FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4L * (b0 + i), Lanes.ORDER))
          .intoMemorySegment(y, 4L * (y0 + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      y.setAtIndex(FLOAT, y0 + i, a.getAtIndex(FLOAT, a0 + i) * b.getAtIndex(FLOAT, b0 + i));
    }
  }

  static float dot(MemorySegment a, long a0, MemorySegment b, long b0, int n) {
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      sums =
          FloatVector.fromMemorySegment(Lanes.FLOATS, a, 4L * (a0 + i), Lanes.ORDER)
              .fma(
                  FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4L * (b0 + i), Lanes.ORDER), sums);
    }
    float sum = Lanes.sum(sums);
    for (; i < n; i++) {
      sum = Math.fma(a.getAtIndex(FLOAT, a0 + i), b.getAtIndex(FLOAT, b0 + i), sum);
    }
    return sum;
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
    FloatVector vScale = FloatVector.broadcast(Lanes.FLOATS, scale);
    FloatVector vBeta1 = FloatVector.broadcast(Lanes.FLOATS, beta1);
    FloatVector vRest1 = FloatVector.broadcast(Lanes.FLOATS, rest1);
    FloatVector vBeta2 = FloatVector.broadcast(Lanes.FLOATS, beta2);
    FloatVector vRest2 = FloatVector.broadcast(Lanes.FLOATS, rest2);
    FloatVector vKeep = FloatVector.broadcast(Lanes.FLOATS, keep);
    FloatVector vRate = FloatVector.broadcast(Lanes.FLOATS, rate);
    FloatVector vRootScale = FloatVector.broadcast(Lanes.FLOATS, rootScale);
    FloatVector vEpsilon = FloatVector.broadcast(Lanes.FLOATS, epsilon);
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector g = FloatVector.fromMemorySegment(Lanes.FLOATS, gradient, 4L * i, Lanes.ORDER);
      FloatVector m = FloatVector.fromMemorySegment(Lanes.FLOATS, first, 4L * i, Lanes.ORDER);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, second, 4L * i, Lanes.ORDER);
      FloatVector w = FloatVector.fromMemorySegment(Lanes.FLOATS, value, 4L * i, Lanes.ORDER);
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
