package dev.tributary.engine.kernels;

import static dev.tributary.engine.kernels.Lanes.all;
import static dev.tributary.engine.kernels.Lanes.bound;
import static dev.tributary.engine.kernels.Lanes.load;
import static dev.tributary.engine.kernels.Lanes.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Loops over flat memory: activation, dropout, AdamW, sums. Indices and sizes are in floats. */
final class VectorElementwise {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final float GELU_SLOPE = (float) Math.sqrt(2 / Math.PI);
  private static final float GELU_CUBIC = 0.044715f;

  private static final FloatVector TWO_SLOPE = all(2 * GELU_SLOPE);
  private static final FloatVector MINUS_TWO_SLOPE = all(-2 * GELU_SLOPE);
  private static final FloatVector MINUS_TWO_CUBIC = all(-2 * GELU_SLOPE * GELU_CUBIC);
  private static final FloatVector SIX_CUBIC = all(6 * GELU_SLOPE * GELU_CUBIC);

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

  /** {@code y[y0, y0 + n) = a[a0, a0 + n) + b[b0, b0 + n)}. */
  static void sum(
      MemorySegment a, long a0, MemorySegment b, long b0, MemorySegment y, long y0, int n) {
    int end = bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      store(load(a, a0 + i).add(load(b, b0 + i)), y, y0 + i);
    }
    for (; i < n; i++) {
      y.setAtIndex(FLOAT, y0 + i, a.getAtIndex(FLOAT, a0 + i) + b.getAtIndex(FLOAT, b0 + i));
    }
  }

  /**
   * {@code y = x / (1 + exp(-2u))} with {@code u = sqrt(2/pi) (x + 0.044715 x³)}, which is the tanh
   * form without its cancellation.
   */
  static void gelu(MemorySegment x, MemorySegment y, int from, int to) {
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector v = load(x, i);
      FloatVector e = Lanes.exp(v.mul(v).fma(MINUS_TWO_CUBIC, MINUS_TWO_SLOPE).mul(v));
      v.div(e.add(Lanes.V_ONE)).intoMemorySegment(y, 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      float v = x.getAtIndex(FLOAT, i);
      y.setAtIndex(FLOAT, i, v / (Lanes.exp(minusTwoU(v)) + 1f));
    }
  }

  /** {@code dx = dy (s + x s (1 - s) 2u')} with {@code s = 1 / (1 + exp(-2u))}. */
  static void geluGradient(MemorySegment x, MemorySegment dy, MemorySegment dx, int from, int to) {
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector v = load(x, i);
      FloatVector d = load(dy, i);
      FloatVector square = v.mul(v);
      FloatVector e = Lanes.exp(square.fma(MINUS_TWO_CUBIC, MINUS_TWO_SLOPE).mul(v));
      FloatVector s = Lanes.V_ONE.div(e.add(Lanes.V_ONE));
      FloatVector twoDu = square.fma(SIX_CUBIC, TWO_SLOPE);
      FloatVector slope = v.mul(s).mul(Lanes.V_ONE.sub(s)).fma(twoDu, s);
      d.mul(slope).intoMemorySegment(dx, 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      float v = x.getAtIndex(FLOAT, i);
      float s = 1f / (Lanes.exp(minusTwoU(v)) + 1f);
      float twoDu = Math.fma(v * v, 6 * GELU_SLOPE * GELU_CUBIC, 2 * GELU_SLOPE);
      float slope = Math.fma(v * s * (1f - s), twoDu, s);
      dx.setAtIndex(FLOAT, i, dy.getAtIndex(FLOAT, i) * slope);
    }
  }

  private static float minusTwoU(float v) {
    return Math.fma(v * v, -2 * GELU_SLOPE * GELU_CUBIC, -2 * GELU_SLOPE) * v;
  }

  /** Dropped values become zero; with {@code accumulate}, kept ones are added to y. */
  static void dropout(
      MemorySegment x,
      double rate,
      long key,
      boolean accumulate,
      MemorySegment y,
      int from,
      int to) {
    int threshold = DropoutMask.threshold(rate);
    float scale = (float) (1 / (1 - rate));
    FloatVector factor = all(scale);
    FloatVector none = Lanes.zero();
    IntVector lane = IntVector.zero(Lanes.INTS).addIndex(1);
    int end = from + bound(to - from);
    int i = from;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector value = load(x, i);
      FloatVector base = accumulate ? load(y, i) : none;
      VectorMask<Float> keep = keeps(lane.add(i), key, threshold).cast(Lanes.FLOATS);
      base.add(none.blend(value.mul(factor), keep)).intoMemorySegment(y, 4L * i, Lanes.ORDER);
    }
    for (; i < to; i++) {
      float kept = DropoutMask.keeps(key, i, threshold) ? x.getAtIndex(FLOAT, i) * scale : 0f;
      y.setAtIndex(FLOAT, i, accumulate ? y.getAtIndex(FLOAT, i) + kept : kept);
    }
  }

  private static VectorMask<Integer> keeps(IntVector index, long key, int threshold) {
    IntVector h = finish(index.mul(DropoutMask.STRIDE).add((int) key));
    h = finish(h.lanewise(VectorOperators.XOR, (int) (key >>> 32)));
    return h.lanewise(VectorOperators.LSHR, 8).compare(VectorOperators.GE, threshold);
  }

  private static IntVector finish(IntVector value) {
    IntVector h = value.lanewise(VectorOperators.XOR, value.lanewise(VectorOperators.LSHR, 16));
    h = h.mul(DropoutMask.MULTIPLIER_1);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13));
    h = h.mul(DropoutMask.MULTIPLIER_2);
    return h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
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
