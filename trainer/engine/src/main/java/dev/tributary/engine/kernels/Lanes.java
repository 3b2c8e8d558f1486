package dev.tributary.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float vectors of this CPU's width, with what the Vector API leaves open pinned down: sums have a
 * fixed order and the exponential is made of exactly rounded operations, so that interpreted and
 * compiled code give the same bits.
 */
final class Lanes {

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  static final int COUNT = FLOATS.length();

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final VectorShuffle<Float> BY_8 = rotation(8);
  private static final VectorShuffle<Float> BY_4 = rotation(4);
  private static final VectorShuffle<Float> BY_2 = rotation(2);
  private static final VectorShuffle<Float> BY_1 = rotation(1);

  private static final float LOG2_E = 1.44269504f;
  private static final float LN_2_HIGH = 0.693359375f;
  private static final float LN_2_LOW = -2.12194440e-4f;

  /** Adding it rounds a float below 2^22 to a whole number, kept in the low bits. */
  private static final float ROUNDER = 12582912f;

  private static final float LARGEST = 88f;
  private static final float SMALLEST = -87f;

  private Lanes() {}

  /** Largest multiple of the vector length up to size. */
  static int bound(int size) {
    return FLOATS.loopBound(size);
  }

  /** Smallest multiple of the vector length from size on. */
  static int padded(int size) {
    return (size + COUNT - 1) / COUNT * COUNT;
  }

  static FloatVector load(MemorySegment memory, long index) {
    return FloatVector.fromMemorySegment(FLOATS, memory, 4 * index, ORDER);
  }

  static void store(FloatVector vector, MemorySegment memory, long index) {
    vector.intoMemorySegment(memory, 4 * index, ORDER);
  }

  static FloatVector zero() {
    return FloatVector.zero(FLOATS);
  }

  static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /** The sum of all lanes, by halves. */
  static float sum(FloatVector vector) {
    FloatVector v = vector;
    if (COUNT >= 16) {
      v = v.add(v.rearrange(BY_8));
    }
    if (COUNT >= 8) {
      v = v.add(v.rearrange(BY_4));
    }
    if (COUNT >= 4) {
      v = v.add(v.rearrange(BY_2));
    }
    if (COUNT >= 2) {
      v = v.add(v.rearrange(BY_1));
    }
    return v.lane(0);
  }

  /**
   * e to the power of each lane, to about 2 units in the last place. Arguments are clamped to
   * [-87, 88], so results are normal numbers; NaN stays NaN.
   */
  static FloatVector exp(FloatVector argument) {
    FloatVector x = argument.max(SMALLEST).min(LARGEST);
    FloatVector shifted = x.fma(all(LOG2_E), all(ROUNDER));
    FloatVector n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(all(-LN_2_HIGH), x);
    r = n.fma(all(-LN_2_LOW), r);
    FloatVector p = all(1.9875691500e-4f);
    p = p.fma(r, all(1.3981999507e-3f));
    p = p.fma(r, all(8.3334519073e-3f));
    p = p.fma(r, all(4.1665795894e-2f));
    p = p.fma(r, all(1.6666665459e-1f));
    p = p.fma(r, all(5.0000001201e-1f));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /** {@link #exp} of one value, the same to the bit. */
  static float exp(float argument) {
    float x = Math.min(Math.max(argument, SMALLEST), LARGEST);
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN_2_HIGH, x);
    r = Math.fma(n, -LN_2_LOW, r);
    float p = 1.9875691500e-4f;
    p = Math.fma(p, r, 1.3981999507e-3f);
    p = Math.fma(p, r, 8.3334519073e-3f);
    p = Math.fma(p, r, 4.1665795894e-2f);
    p = Math.fma(p, r, 1.6666665459e-1f);
    p = Math.fma(p, r, 5.0000001201e-1f);
    p = Math.fma(p, r * r, r) + 1f;
    int exponent = Float.floatToRawIntBits(shifted) << 23;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
  }

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + by) % FLOATS.length());
  }
}
