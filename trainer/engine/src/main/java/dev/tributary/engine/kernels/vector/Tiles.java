package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import jdk.incubator.vector.FloatVector;

/**
 * Small matrix products on memory that fits in the cache, four rows at a time, with sums kept in
 * registers. Everything larger here, attention and low-rank additions, is made of these. Native
 * memory and not arrays, because those do not start at a cache line: each load of a full AVX-512
 * register would touch two.
 *
 * <p>Vectors never cross a call in this class: each loop calls the Vector API only, which the
 * compiler always inlines, so it does not depend on what else has been compiled that they stay in
 * registers.
 */
final class Tiles {

  /** Rows of the result that one call computes. */
  static final int ROWS = 4;

  /** Columns of the result that are computed at once. */
  static final int WIDTH = 2 * Lanes.COUNT;

  /** Of a vector. */
  private static final int BYTES = Float.BYTES * Lanes.COUNT;

  /** Strides that are multiples of this many floats use few of a cache's sets. */
  private static final int ALIASED = 256;

  private Tiles() {}

  /** Smallest multiple of {@link #ROWS} from count on. */
  static int paddedRows(int count) {
    return (count + ROWS - 1) / ROWS * ROWS;
  }

  /** Smallest multiple of {@link #WIDTH} from count on. */
  static int paddedWidth(int count) {
    return (count + WIDTH - 1) / WIDTH * WIDTH;
  }

  /**
   * Floats from one row of working memory to the next: whole vectors, and not a large power of two,
   * at which the rows of a column would push each other out of the cache.
   */
  static int stride(int columns) {
    int padded = Lanes.padded(columns);
    return padded % ALIASED == 0 ? padded + Lanes.COUNT : padded;
  }

  /**
   * {@code C = A B}, or added to C, for four rows: element {@code (row, k)} of A is at {@code aAt +
   * row aRow + k aStep}, row k of B starts at {@code bAt + k bRow}, row of C at {@code cAt + row
   * cRow}.
   *
   * @param depth number of rows of B, at least 1
   * @param columns of B and C, a multiple of the vector length
   */
  static void multiply(
      MemorySegment a,
      long aAt,
      long aRow,
      long aStep,
      MemorySegment b,
      long bAt,
      long bRow,
      int depth,
      boolean accumulate,
      MemorySegment c,
      long cAt,
      long cRow,
      int columns) {
    int j = 0;
    for (; j + WIDTH <= columns; j += WIDTH) {
      wide(a, aAt, aRow, aStep, b, bAt + j, bRow, depth, accumulate, c, cAt + j, cRow);
    }
    if (j < columns) {
      narrow(a, aAt, aRow, aStep, b, bAt + j, bRow, depth, accumulate, c, cAt + j, cRow);
    }
  }

  /** Four rows and two vectors of columns. */
  static void wide(
      MemorySegment a,
      long aAt,
      long aRow,
      long aStep,
      MemorySegment b,
      long bAt,
      long bRow,
      int depth,
      boolean accumulate,
      MemorySegment c,
      long cAt,
      long cRow) {
    long left = NativeMemory.address(a, aAt, 3 * aRow + (depth - 1) * aStep + 1);
    long right = NativeMemory.address(b, bAt, (depth - 1) * bRow + WIDTH);
    long c0 = NativeMemory.address(c, cAt, 3 * cRow + WIDTH);
    long leftRow = 4 * aRow;
    long leftStep = 4 * aStep;
    long rightStep = 4 * bRow;
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s21 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s30 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s31 = FloatVector.zero(Lanes.FLOATS);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, right, Lanes.ORDER);
      FloatVector b1 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, right + BYTES, Lanes.ORDER);
      FloatVector a0 =
          FloatVector.broadcast(Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left));
      s00 = b0.fma(a0, s00);
      s01 = b1.fma(a0, s01);
      FloatVector a1 =
          FloatVector.broadcast(Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left + leftRow));
      s10 = b0.fma(a1, s10);
      s11 = b1.fma(a1, s11);
      FloatVector a2 =
          FloatVector.broadcast(
              Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left + 2 * leftRow));
      s20 = b0.fma(a2, s20);
      s21 = b1.fma(a2, s21);
      FloatVector a3 =
          FloatVector.broadcast(
              Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left + 3 * leftRow));
      s30 = b0.fma(a3, s30);
      s31 = b1.fma(a3, s31);
      left += leftStep;
      right += rightStep;
    }
    long c1 = c0 + 4 * cRow;
    long c2 = c1 + 4 * cRow;
    long c3 = c2 + 4 * cRow;
    if (accumulate) {
      s00 = s00.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c0, Lanes.ORDER));
      s01 =
          s01.add(
              FloatVector.fromMemorySegment(
                  Lanes.FLOATS, NativeMemory.ALL, c0 + BYTES, Lanes.ORDER));
      s10 = s10.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c1, Lanes.ORDER));
      s11 =
          s11.add(
              FloatVector.fromMemorySegment(
                  Lanes.FLOATS, NativeMemory.ALL, c1 + BYTES, Lanes.ORDER));
      s20 = s20.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c2, Lanes.ORDER));
      s21 =
          s21.add(
              FloatVector.fromMemorySegment(
                  Lanes.FLOATS, NativeMemory.ALL, c2 + BYTES, Lanes.ORDER));
      s30 = s30.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c3, Lanes.ORDER));
      s31 =
          s31.add(
              FloatVector.fromMemorySegment(
                  Lanes.FLOATS, NativeMemory.ALL, c3 + BYTES, Lanes.ORDER));
    }
    s00.intoMemorySegment(NativeMemory.ALL, c0, Lanes.ORDER);
    s01.intoMemorySegment(NativeMemory.ALL, c0 + BYTES, Lanes.ORDER);
    s10.intoMemorySegment(NativeMemory.ALL, c1, Lanes.ORDER);
    s11.intoMemorySegment(NativeMemory.ALL, c1 + BYTES, Lanes.ORDER);
    s20.intoMemorySegment(NativeMemory.ALL, c2, Lanes.ORDER);
    s21.intoMemorySegment(NativeMemory.ALL, c2 + BYTES, Lanes.ORDER);
    s30.intoMemorySegment(NativeMemory.ALL, c3, Lanes.ORDER);
    s31.intoMemorySegment(NativeMemory.ALL, c3 + BYTES, Lanes.ORDER);
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }

  /** Four rows and one vector of columns. */
  private static void narrow(
      MemorySegment a,
      long aAt,
      long aRow,
      long aStep,
      MemorySegment b,
      long bAt,
      long bRow,
      int depth,
      boolean accumulate,
      MemorySegment c,
      long cAt,
      long cRow) {
    long left = NativeMemory.address(a, aAt, 3 * aRow + (depth - 1) * aStep + 1);
    long right = NativeMemory.address(b, bAt, (depth - 1) * bRow + Lanes.COUNT);
    long c0 = NativeMemory.address(c, cAt, 3 * cRow + Lanes.COUNT);
    long leftRow = 4 * aRow;
    long leftStep = 4 * aStep;
    long rightStep = 4 * bRow;
    FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s3 = FloatVector.zero(Lanes.FLOATS);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, right, Lanes.ORDER);
      FloatVector a0 =
          FloatVector.broadcast(Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left));
      s0 = b0.fma(a0, s0);
      FloatVector a1 =
          FloatVector.broadcast(Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left + leftRow));
      s1 = b0.fma(a1, s1);
      FloatVector a2 =
          FloatVector.broadcast(
              Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left + 2 * leftRow));
      s2 = b0.fma(a2, s2);
      FloatVector a3 =
          FloatVector.broadcast(
              Lanes.FLOATS, NativeMemory.ALL.get(Tensor.FLOAT, left + 3 * leftRow));
      s3 = b0.fma(a3, s3);
      left += leftStep;
      right += rightStep;
    }
    long c1 = c0 + 4 * cRow;
    long c2 = c1 + 4 * cRow;
    long c3 = c2 + 4 * cRow;
    if (accumulate) {
      s0 = s0.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c0, Lanes.ORDER));
      s1 = s1.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c1, Lanes.ORDER));
      s2 = s2.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c2, Lanes.ORDER));
      s3 = s3.add(FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, c3, Lanes.ORDER));
    }
    s0.intoMemorySegment(NativeMemory.ALL, c0, Lanes.ORDER);
    s1.intoMemorySegment(NativeMemory.ALL, c1, Lanes.ORDER);
    s2.intoMemorySegment(NativeMemory.ALL, c2, Lanes.ORDER);
    s3.intoMemorySegment(NativeMemory.ALL, c3, Lanes.ORDER);
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }

  /**
   * The products of two rows of A with four rows of B: {@code c[row cRow + j] = a[row] · b[j]}, all
   * rows being whole vectors long.
   *
   * @param partial room for eight vectors
   */
  static void dots(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bRow,
      int length,
      MemorySegment partial,
      MemorySegment c,
      long cAt,
      long cRow) {
    partialDots(a, aAt, aRow, b, bAt, bRow, length, partial);
    for (int row = 0; row < 2; row++) {
      for (int j = 0; j < ROWS; j++) {
        float dot = Lanes.sum(partial, (row * ROWS + j) * Lanes.COUNT);
        c.setAtIndex(Tensor.FLOAT, cAt + row * cRow + j, dot);
      }
    }
  }

  private static void partialDots(
      MemorySegment a,
      long aAt,
      long aRow,
      MemorySegment b,
      long bAt,
      long bRow,
      int length,
      MemorySegment partial) {
    long a0 = NativeMemory.address(a, aAt, aRow + length);
    long a1 = a0 + 4 * aRow;
    long b0 = NativeMemory.address(b, bAt, 3 * bRow + length);
    long b1 = b0 + 4 * bRow;
    long b2 = b1 + 4 * bRow;
    long b3 = b2 + 4 * bRow;
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s02 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s03 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s12 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s13 = FloatVector.zero(Lanes.FLOATS);
    for (long k = 0; k < 4L * length; k += BYTES) {
      FloatVector x0 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, a0 + k, Lanes.ORDER);
      FloatVector x1 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, a1 + k, Lanes.ORDER);
      FloatVector y0 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, b0 + k, Lanes.ORDER);
      s00 = x0.fma(y0, s00);
      s10 = x1.fma(y0, s10);
      FloatVector y1 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, b1 + k, Lanes.ORDER);
      s01 = x0.fma(y1, s01);
      s11 = x1.fma(y1, s11);
      FloatVector y2 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, b2 + k, Lanes.ORDER);
      s02 = x0.fma(y2, s02);
      s12 = x1.fma(y2, s12);
      FloatVector y3 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, b3 + k, Lanes.ORDER);
      s03 = x0.fma(y3, s03);
      s13 = x1.fma(y3, s13);
    }
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    s00.intoMemorySegment(partial, 0, Lanes.ORDER);
    s01.intoMemorySegment(partial, 4L * Lanes.COUNT, Lanes.ORDER);
    s02.intoMemorySegment(partial, 4L * 2 * Lanes.COUNT, Lanes.ORDER);
    s03.intoMemorySegment(partial, 4L * 3 * Lanes.COUNT, Lanes.ORDER);
    s10.intoMemorySegment(partial, 4L * 4 * Lanes.COUNT, Lanes.ORDER);
    s11.intoMemorySegment(partial, 4L * 5 * Lanes.COUNT, Lanes.ORDER);
    s12.intoMemorySegment(partial, 4L * 6 * Lanes.COUNT, Lanes.ORDER);
    s13.intoMemorySegment(partial, 4L * 7 * Lanes.COUNT, Lanes.ORDER);
  }
}
