package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of a float32 row with a few columns of a matrix, which take as long as reading those.
 * Rows that lie together are read whole at a time, as memory likes it. Sums are float32, and
 * nothing is rounded on the way.
 */
public final class ColumnSums {

  private static final int FOUR = 4 * Lanes.COUNT;
  private static final int EIGHT = 8 * Lanes.COUNT;
  private static final int UPPER_HALF = 0xffff0000;

  private ColumnSums() {}

  /**
   * {@code to[j] = Σ x[i] w(i, j)}.
   *
   * @param at index of the first element of x, of which there are as many as w has rows
   * @param wAt byte of the first element of w, in float32
   * @param rowBytes from one row to the next
   * @param toAt index of the first sum
   * @param columns a multiple of four vectors
   */
  public static void ofFloats(
      MemorySegment x,
      long at,
      int rows,
      MemorySegment w,
      long wAt,
      long rowBytes,
      MemorySegment to,
      long toAt,
      int columns) {
    int j = 0;
    for (; j + EIGHT <= columns; j += EIGHT) {
      eight(x, at, rows, w, wAt + 4L * j, rowBytes, to, toAt + j);
    }
    for (; j < columns; j += FOUR) {
      four(x, at, rows, w, wAt + 4L * j, rowBytes, to, toAt + j);
    }
  }

  /**
   * {@link #ofFloats} of a bfloat16 matrix of which two rows lie element by element beside each
   * other.
   *
   * @param pairs of rows, and so of elements of x
   * @param pairBytes from one pair of rows to the next
   */
  public static void ofPairs(
      MemorySegment x,
      long at,
      int pairs,
      MemorySegment w,
      long wAt,
      long pairBytes,
      MemorySegment to,
      long toAt,
      int columns) {
    for (int j = 0; j < columns; j += FOUR) {
      fourOfPairs(x, at, pairs, w, wAt + 4L * j, pairBytes, to, toAt + j);
    }
  }

  private static void eight(
      MemorySegment x,
      long at,
      int rows,
      MemorySegment w,
      long wAt,
      long rowBytes,
      MemorySegment to,
      long toAt) {
    FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s3 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s4 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s5 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s6 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s7 = FloatVector.zero(Lanes.FLOATS);
    long v = 4L * Lanes.COUNT;
    for (int i = 0; i < rows; i++) {
      long r = wAt + i * rowBytes;
      FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, x.getAtIndex(Tensor.FLOAT, at + i));
      s0 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r, Lanes.ORDER).fma(factor, s0);
      s1 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + v, Lanes.ORDER).fma(factor, s1);
      s2 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 2 * v, Lanes.ORDER).fma(factor, s2);
      s3 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 3 * v, Lanes.ORDER).fma(factor, s3);
      s4 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 4 * v, Lanes.ORDER).fma(factor, s4);
      s5 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 5 * v, Lanes.ORDER).fma(factor, s5);
      s6 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 6 * v, Lanes.ORDER).fma(factor, s6);
      s7 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 7 * v, Lanes.ORDER).fma(factor, s7);
    }
    s0.intoMemorySegment(to, 4 * toAt, Lanes.ORDER);
    s1.intoMemorySegment(to, 4 * toAt + v, Lanes.ORDER);
    s2.intoMemorySegment(to, 4 * toAt + 2 * v, Lanes.ORDER);
    s3.intoMemorySegment(to, 4 * toAt + 3 * v, Lanes.ORDER);
    s4.intoMemorySegment(to, 4 * toAt + 4 * v, Lanes.ORDER);
    s5.intoMemorySegment(to, 4 * toAt + 5 * v, Lanes.ORDER);
    s6.intoMemorySegment(to, 4 * toAt + 6 * v, Lanes.ORDER);
    s7.intoMemorySegment(to, 4 * toAt + 7 * v, Lanes.ORDER);
  }

  private static void four(
      MemorySegment x,
      long at,
      int rows,
      MemorySegment w,
      long wAt,
      long rowBytes,
      MemorySegment to,
      long toAt) {
    FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s3 = FloatVector.zero(Lanes.FLOATS);
    long v = 4L * Lanes.COUNT;
    for (int i = 0; i < rows; i++) {
      long r = wAt + i * rowBytes;
      FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, x.getAtIndex(Tensor.FLOAT, at + i));
      s0 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r, Lanes.ORDER).fma(factor, s0);
      s1 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + v, Lanes.ORDER).fma(factor, s1);
      s2 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 2 * v, Lanes.ORDER).fma(factor, s2);
      s3 = FloatVector.fromMemorySegment(Lanes.FLOATS, w, r + 3 * v, Lanes.ORDER).fma(factor, s3);
    }
    s0.intoMemorySegment(to, 4 * toAt, Lanes.ORDER);
    s1.intoMemorySegment(to, 4 * toAt + v, Lanes.ORDER);
    s2.intoMemorySegment(to, 4 * toAt + 2 * v, Lanes.ORDER);
    s3.intoMemorySegment(to, 4 * toAt + 3 * v, Lanes.ORDER);
  }

  private static void fourOfPairs(
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
    long v = 4L * Lanes.COUNT;
    for (int i = 0; i < pairs; i++) {
      long pair = wAt + i * pairBytes;
      float left = x.getAtIndex(Tensor.FLOAT, at + 2L * i);
      float right = x.getAtIndex(Tensor.FLOAT, at + 2L * i + 1);
      FloatVector first = FloatVector.broadcast(Lanes.FLOATS, left);
      FloatVector second = FloatVector.broadcast(Lanes.FLOATS, right);
      IntVector w0 = IntVector.fromMemorySegment(Lanes.INTS, w, pair, Lanes.ORDER);
      IntVector w1 = IntVector.fromMemorySegment(Lanes.INTS, w, pair + v, Lanes.ORDER);
      IntVector w2 = IntVector.fromMemorySegment(Lanes.INTS, w, pair + 2 * v, Lanes.ORDER);
      IntVector w3 = IntVector.fromMemorySegment(Lanes.INTS, w, pair + 3 * v, Lanes.ORDER);
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
    even1.add(odd1).intoMemorySegment(to, 4 * toAt + v, Lanes.ORDER);
    even2.add(odd2).intoMemorySegment(to, 4 * toAt + 2 * v, Lanes.ORDER);
    even3.add(odd3).intoMemorySegment(to, 4 * toAt + 3 * v, Lanes.ORDER);
  }
}
