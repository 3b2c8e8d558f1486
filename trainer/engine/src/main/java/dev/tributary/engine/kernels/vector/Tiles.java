package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
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
   * @param depth number of rows of B
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
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s21 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s30 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s31 = FloatVector.zero(Lanes.FLOATS);
    long c1 = cAt + cRow;
    long c2 = c1 + cRow;
    long c3 = c2 + cRow;
    if (accumulate) {
      s00 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * cAt, Lanes.ORDER);
      s01 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * (cAt + Lanes.COUNT), Lanes.ORDER);
      s10 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * c1, Lanes.ORDER);
      s11 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * (c1 + Lanes.COUNT), Lanes.ORDER);
      s20 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * c2, Lanes.ORDER);
      s21 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * (c2 + Lanes.COUNT), Lanes.ORDER);
      s30 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * c3, Lanes.ORDER);
      s31 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * (c3 + Lanes.COUNT), Lanes.ORDER);
    }
    long left = aAt;
    long right = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4 * right, Lanes.ORDER);
      FloatVector b1 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4 * (right + Lanes.COUNT), Lanes.ORDER);
      FloatVector a0 = FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left));
      s00 = b0.fma(a0, s00);
      s01 = b1.fma(a0, s01);
      FloatVector a1 = FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left + aRow));
      s10 = b0.fma(a1, s10);
      s11 = b1.fma(a1, s11);
      FloatVector a2 =
          FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left + 2 * aRow));
      s20 = b0.fma(a2, s20);
      s21 = b1.fma(a2, s21);
      FloatVector a3 =
          FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left + 3 * aRow));
      s30 = b0.fma(a3, s30);
      s31 = b1.fma(a3, s31);
      left += aStep;
      right += bRow;
    }
    s00.intoMemorySegment(c, 4 * cAt, Lanes.ORDER);
    s01.intoMemorySegment(c, 4 * (cAt + Lanes.COUNT), Lanes.ORDER);
    s10.intoMemorySegment(c, 4 * c1, Lanes.ORDER);
    s11.intoMemorySegment(c, 4 * (c1 + Lanes.COUNT), Lanes.ORDER);
    s20.intoMemorySegment(c, 4 * c2, Lanes.ORDER);
    s21.intoMemorySegment(c, 4 * (c2 + Lanes.COUNT), Lanes.ORDER);
    s30.intoMemorySegment(c, 4 * c3, Lanes.ORDER);
    s31.intoMemorySegment(c, 4 * (c3 + Lanes.COUNT), Lanes.ORDER);
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
    FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s3 = FloatVector.zero(Lanes.FLOATS);
    if (accumulate) {
      s0 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * cAt, Lanes.ORDER);
      s1 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * (cAt + cRow), Lanes.ORDER);
      s2 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * (cAt + 2 * cRow), Lanes.ORDER);
      s3 = FloatVector.fromMemorySegment(Lanes.FLOATS, c, 4 * (cAt + 3 * cRow), Lanes.ORDER);
    }
    long left = aAt;
    long right = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector row = FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4 * right, Lanes.ORDER);
      s0 = row.fma(FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left)), s0);
      s1 =
          row.fma(FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left + aRow)), s1);
      s2 =
          row.fma(
              FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left + 2 * aRow)), s2);
      s3 =
          row.fma(
              FloatVector.broadcast(Lanes.FLOATS, a.getAtIndex(Tensor.FLOAT, left + 3 * aRow)), s3);
      left += aStep;
      right += bRow;
    }
    s0.intoMemorySegment(c, 4 * cAt, Lanes.ORDER);
    s1.intoMemorySegment(c, 4 * (cAt + cRow), Lanes.ORDER);
    s2.intoMemorySegment(c, 4 * (cAt + 2 * cRow), Lanes.ORDER);
    s3.intoMemorySegment(c, 4 * (cAt + 3 * cRow), Lanes.ORDER);
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
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s02 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s03 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s12 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s13 = FloatVector.zero(Lanes.FLOATS);
    for (int k = 0; k < length; k += Lanes.COUNT) {
      FloatVector a0 = FloatVector.fromMemorySegment(Lanes.FLOATS, a, 4 * (aAt + k), Lanes.ORDER);
      FloatVector a1 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, a, 4 * (aAt + aRow + k), Lanes.ORDER);
      FloatVector b0 = FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4 * (bAt + k), Lanes.ORDER);
      s00 = a0.fma(b0, s00);
      s10 = a1.fma(b0, s10);
      FloatVector b1 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4 * (bAt + bRow + k), Lanes.ORDER);
      s01 = a0.fma(b1, s01);
      s11 = a1.fma(b1, s11);
      FloatVector b2 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4 * (bAt + 2 * bRow + k), Lanes.ORDER);
      s02 = a0.fma(b2, s02);
      s12 = a1.fma(b2, s12);
      FloatVector b3 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, b, 4 * (bAt + 3 * bRow + k), Lanes.ORDER);
      s03 = a0.fma(b3, s03);
      s13 = a1.fma(b3, s13);
    }
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
