package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 to bfloat16: the upper half of the bits, rounded to nearest, ties to even, as processors
 * and PyTorch do. Infinity stays, what is larger than any bfloat16 becomes it, NaN stays NaN.
 */
public final class Bfloat16 {

  private static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.FLOATS.vectorBitSize() / 2));
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
  private static final int JUST_BELOW_HALF = 0x7fff;
  private static final int QUIET = 0x400000;

  private Bfloat16() {}

  /**
   * Converts {@code count} floats times alpha.
   *
   * @param at index of the first float
   * @param toByte where the first result goes
   */
  public static void convert(
      MemorySegment from, long at, float alpha, MemorySegment to, long toByte, int count) {
    int end = Lanes.bound(count);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      IntVector bits =
          FloatVector.fromMemorySegment(Lanes.FLOATS, from, 4L * (at + i), Lanes.ORDER)
              .mul(alpha)
              .reinterpretAsInts();
      VectorMask<Integer> none =
          bits.reinterpretAsFloats().test(VectorOperators.IS_NAN).cast(Lanes.INTS);
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector rounded = bits.add(odd).add(JUST_BELOW_HALF).blend(bits.or(QUIET), none);
      ShortVector halves =
          (ShortVector)
              rounded
                  .lanewise(VectorOperators.LSHR, 16)
                  .convertShape(VectorOperators.I2S, HALVES, 0);
      halves.intoMemorySegment(to, toByte + 2L * i, Lanes.ORDER);
    }
    for (; i < count; i++) {
      to.set(SHORT, toByte + 2L * i, of(alpha * from.getAtIndex(Tensor.FLOAT, at + i)));
    }
  }

  /**
   * Takes pairs of bfloat16 apart.
   *
   * @param at byte of the first pair
   * @param firstAt byte where the first of each pair go, one after another
   * @param secondAt where the second ones go
   * @param count of pairs, a multiple of {@link Lanes#COUNT}
   */
  public static void split(
      MemorySegment pairs, long at, MemorySegment to, long firstAt, long secondAt, int count) {
    for (int i = 0; i < count; i += Lanes.COUNT) {
      IntVector both = IntVector.fromMemorySegment(Lanes.INTS, pairs, at + 4L * i, Lanes.ORDER);
      ((ShortVector) both.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(to, firstAt + 2L * i, Lanes.ORDER);
      ((ShortVector)
              both.lanewise(VectorOperators.LSHR, 16).convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(to, secondAt + 2L * i, Lanes.ORDER);
    }
  }

  /** One value's bits. */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits | QUIET) >>> 16);
    }
    return (short) ((bits + JUST_BELOW_HALF + (bits >>> 16 & 1)) >>> 16);
  }
}
