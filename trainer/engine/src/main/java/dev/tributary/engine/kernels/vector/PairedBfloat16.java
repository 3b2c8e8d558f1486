package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of a float32 row with a bfloat16 matrix of which two rows lie element by element beside
 * each other. Sums are float32, and nothing is rounded on the way.
 */
public final class PairedBfloat16 {

  /** Columns of a call. */
  public static final int COLUMNS = 4 * Lanes.COUNT;

  private static final int UPPER_HALF = 0xffff0000;

  private PairedBfloat16() {}

  /**
   * {@code to[j] = Σ x[i] w(i, j)} for {@link #COLUMNS} columns.
   *
   * @param at index of the first element of x, of which there are {@code 2 pairs}
   * @param wAt byte of the first pair of the first column
   * @param pairBytes from one pair of rows to the next
   * @param toAt index of the first sum
   */
  public static void multiply(
      MemorySegment x,
      long at,
      int pairs,
      MemorySegment w,
      long wAt,
      long pairBytes,
      MemorySegment to,
      long toAt) {
    FloatVector even0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector even1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector even2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector even3 = FloatVector.zero(Lanes.FLOATS);
    FloatVector odd0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector odd1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector odd2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector odd3 = FloatVector.zero(Lanes.FLOATS);
    long vector = 4L * Lanes.COUNT;
    for (int i = 0; i < pairs; i++) {
      long pair = wAt + i * pairBytes;
      FloatVector first =
          FloatVector.broadcast(Lanes.FLOATS, x.getAtIndex(Tensor.FLOAT, at + 2 * i));
      FloatVector second =
          FloatVector.broadcast(Lanes.FLOATS, x.getAtIndex(Tensor.FLOAT, at + 2 * i + 1));
      IntVector w0 = IntVector.fromMemorySegment(Lanes.INTS, w, pair, Lanes.ORDER);
      IntVector w1 = IntVector.fromMemorySegment(Lanes.INTS, w, pair + vector, Lanes.ORDER);
      IntVector w2 = IntVector.fromMemorySegment(Lanes.INTS, w, pair + 2 * vector, Lanes.ORDER);
      IntVector w3 = IntVector.fromMemorySegment(Lanes.INTS, w, pair + 3 * vector, Lanes.ORDER);
      even0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(first, even0);
      even1 = w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(first, even1);
      even2 = w2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(first, even2);
      even3 = w3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(first, even3);
      odd0 = w0.and(UPPER_HALF).reinterpretAsFloats().fma(second, odd0);
      odd1 = w1.and(UPPER_HALF).reinterpretAsFloats().fma(second, odd1);
      odd2 = w2.and(UPPER_HALF).reinterpretAsFloats().fma(second, odd2);
      odd3 = w3.and(UPPER_HALF).reinterpretAsFloats().fma(second, odd3);
    }
    even0.add(odd0).intoMemorySegment(to, 4 * toAt, Lanes.ORDER);
    even1.add(odd1).intoMemorySegment(to, 4 * toAt + vector, Lanes.ORDER);
    even2.add(odd2).intoMemorySegment(to, 4 * toAt + 2 * vector, Lanes.ORDER);
    even3.add(odd3).intoMemorySegment(to, 4 * toAt + 3 * vector, Lanes.ORDER);
  }
}
