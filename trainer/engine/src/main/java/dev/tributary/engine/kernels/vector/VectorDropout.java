package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.DropoutMask;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link DropoutMask} a vector at a time, and what is done with it. */
final class VectorDropout {

  private final int threshold;
  private final float scale;
  private final long key;

  /**
   * @param rate below 1; 0 keeps everything
   */
  VectorDropout(double rate, long key) {
    this.threshold = DropoutMask.threshold(rate);
    this.scale = (float) (1 / (1 - rate));
    this.key = key;
  }

  boolean dropsNothing() {
    return threshold == 0;
  }

  /**
   * What n elements from the one with that index on are multiplied by; zero behind them, up to a
   * whole vector.
   */
  void factors(int index, int n, MemorySegment factors, int at) {
    factors(threshold, scale, (int) key, (int) (key >>> 32), index, n, factors, at);
    for (int i = n; i < Lanes.padded(n); i++) {
      factors.setAtIndex(Tensor.FLOAT, at + i, 0);
    }
  }

  private static void factors(
      int threshold,
      float scale,
      int keyLow,
      int keyHigh,
      int index,
      int n,
      MemorySegment factors,
      int at) {
    FloatVector none = FloatVector.zero(Lanes.FLOATS);
    FloatVector kept = FloatVector.broadcast(Lanes.FLOATS, scale);
    IntVector lane = IntVector.zero(Lanes.INTS).addIndex(1).add(index);
    IntVector low = IntVector.broadcast(Lanes.INTS, keyLow);
    IntVector high = IntVector.broadcast(Lanes.INTS, keyHigh);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      IntVector h = lane.add(i).mul(DropoutMask.STRIDE).add(low);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
      h = h.mul(DropoutMask.MULTIPLIER_1);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13));
      h = h.mul(DropoutMask.MULTIPLIER_2);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
      h = h.lanewise(VectorOperators.XOR, high);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
      h = h.mul(DropoutMask.MULTIPLIER_1);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13));
      h = h.mul(DropoutMask.MULTIPLIER_2);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
      VectorMask<Integer> keep =
          h.lanewise(VectorOperators.LSHR, 8).compare(VectorOperators.GE, threshold);
      none.blend(kept, keep.cast(Lanes.FLOATS))
          .intoMemorySegment(factors, 4L * (at + i), Lanes.ORDER);
    }
  }

  /** {@code y[yAt, yAt + n) = factors * x}. */
  static void multiply(
      MemorySegment x,
      long xAt,
      MemorySegment factors,
      long factorsAt,
      MemorySegment y,
      long yAt,
      int n) {
    int end = Lanes.bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector factor =
          FloatVector.fromMemorySegment(Lanes.FLOATS, factors, 4L * (factorsAt + i), Lanes.ORDER);
      FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER)
          .mul(factor)
          .intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      y.setAtIndex(
          Tensor.FLOAT,
          yAt + i,
          x.getAtIndex(Tensor.FLOAT, xAt + i) * factors.getAtIndex(Tensor.FLOAT, factorsAt + i));
    }
  }

  /** {@code y[yAt, yAt + n) += factors * x}. */
  static void add(
      MemorySegment x,
      long xAt,
      MemorySegment factors,
      long factorsAt,
      MemorySegment y,
      long yAt,
      int n) {
    int end = Lanes.bound(n);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector factor =
          FloatVector.fromMemorySegment(Lanes.FLOATS, factors, 4L * (factorsAt + i), Lanes.ORDER);
      FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER)
          .fma(factor, FloatVector.fromMemorySegment(Lanes.FLOATS, y, 4L * (yAt + i), Lanes.ORDER))
          .intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
    for (; i < n; i++) {
      float sum =
          Math.fma(
              x.getAtIndex(Tensor.FLOAT, xAt + i),
              factors.getAtIndex(Tensor.FLOAT, factorsAt + i),
              y.getAtIndex(Tensor.FLOAT, yAt + i));
      y.setAtIndex(Tensor.FLOAT, yAt + i, sum);
    }
  }
}
