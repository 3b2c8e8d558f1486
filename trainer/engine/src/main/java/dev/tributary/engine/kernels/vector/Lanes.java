package dev.tributary.engine.kernels.vector;

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
 *
 * <p>A vector stays in a register only while the compiler sees all of its life: one that crosses a
 * call, or stands in a field, is an object, made anew for each element. The Vector API itself is
 * always inlined; whether an ordinary method is, {@link #exp} included, depends on how large the
 * caller has grown, and on what ran before. What keeps it so here:
 *
 * <ul>
 *   <li>Each loop is a method of its own without vector parameters, and calls the Vector API
 *       directly, not through helpers.
 *   <li>A loop that calls {@link #exp} is only entered if it has something to do, so that the
 *       compiler never sees that call as rare, and calls it before anything else.
 *   <li>What a loop carries from one turn to the next starts as a vector made there; constants in
 *       fields are only read.
 * </ul>
 */
public final class Lanes {

  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  static final int COUNT = FLOATS.length();

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

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

  // Coefficients of the powers of r in (e^r - 1 - r) / r^2, from Cephes' expf.
  private static final float TERM_2 = 5.0000001201e-1f;
  private static final float TERM_3 = 1.6666665459e-1f;
  private static final float TERM_4 = 4.1665795894e-2f;
  private static final float TERM_5 = 8.3334519073e-3f;
  private static final float TERM_6 = 1.3981999507e-3f;
  private static final float TERM_7 = 1.9875691500e-4f;

  // As vectors: broadcasting at each use would make exp too large to be compiled into its callers.
  static final FloatVector V_ONE = FloatVector.broadcast(FLOATS, 1f);
  private static final FloatVector V_LARGEST = FloatVector.broadcast(FLOATS, LARGEST);
  private static final FloatVector V_SMALLEST = FloatVector.broadcast(FLOATS, SMALLEST);
  private static final FloatVector V_LOG2_E = FloatVector.broadcast(FLOATS, LOG2_E);
  private static final FloatVector V_ROUNDER = FloatVector.broadcast(FLOATS, ROUNDER);
  private static final FloatVector V_LN_2_HIGH = FloatVector.broadcast(FLOATS, -LN_2_HIGH);
  private static final FloatVector V_LN_2_LOW = FloatVector.broadcast(FLOATS, -LN_2_LOW);
  private static final FloatVector V_TERM_2 = FloatVector.broadcast(FLOATS, TERM_2);
  private static final FloatVector V_TERM_3 = FloatVector.broadcast(FLOATS, TERM_3);
  private static final FloatVector V_TERM_4 = FloatVector.broadcast(FLOATS, TERM_4);
  private static final FloatVector V_TERM_5 = FloatVector.broadcast(FLOATS, TERM_5);
  private static final FloatVector V_TERM_6 = FloatVector.broadcast(FLOATS, TERM_6);
  private static final FloatVector V_TERM_7 = FloatVector.broadcast(FLOATS, TERM_7);

  private Lanes() {}

  /** Largest multiple of the vector length up to size. */
  static int bound(int size) {
    return FLOATS.loopBound(size);
  }

  /** Smallest multiple of the vector length from size on. */
  static int padded(int size) {
    return (size + COUNT - 1) / COUNT * COUNT;
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

  /** The sum of a vector's worth of elements, by halves. */
  static float sum(MemorySegment values, long at) {
    FloatVector v = FloatVector.fromMemorySegment(FLOATS, values, 4 * at, ORDER);
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
   * e to the power of each lane, to about 2 units in the last place. Arguments are clamped to [-87,
   * 88], so results are normal numbers; NaN stays NaN.
   */
  static FloatVector exp(FloatVector argument) {
    FloatVector x = argument.max(V_SMALLEST).min(V_LARGEST);
    FloatVector shifted = x.fma(V_LOG2_E, V_ROUNDER);
    FloatVector n = shifted.sub(V_ROUNDER);
    FloatVector r = n.fma(V_LN_2_LOW, n.fma(V_LN_2_HIGH, x));
    FloatVector p = V_TERM_7.fma(r, V_TERM_6);
    p = p.fma(r, V_TERM_5);
    p = p.fma(r, V_TERM_4);
    p = p.fma(r, V_TERM_3);
    p = p.fma(r, V_TERM_2);
    p = p.fma(r.mul(r), r).add(V_ONE);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /** {@link #exp} of one value, the same to the bit. */
  static float exp(float argument) {
    float x = Math.min(Math.max(argument, SMALLEST), LARGEST);
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN_2_LOW, Math.fma(n, -LN_2_HIGH, x));
    float p = Math.fma(TERM_7, r, TERM_6);
    p = Math.fma(p, r, TERM_5);
    p = Math.fma(p, r, TERM_4);
    p = Math.fma(p, r, TERM_3);
    p = Math.fma(p, r, TERM_2);
    p = Math.fma(p, r * r, r) + 1f;
    int exponent = Float.floatToRawIntBits(shifted) << 23;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
  }

  private static VectorShuffle<Float> rotation(int by) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane + by) % FLOATS.length());
  }
}
