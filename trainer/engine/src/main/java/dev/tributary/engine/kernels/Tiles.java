package dev.tributary.engine.kernels;

import jdk.incubator.vector.FloatVector;

/**
 * Small matrix products on heap arrays that fit in the cache, four rows at a time, with sums kept
 * in registers. Everything larger here, attention and low-rank additions, is made of these.
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
   * {@code C = A B}, or added to C, for four rows: element {@code (row, k)} of A is at {@code aAt +
   * row aRow + k aStep}, row k of B starts at {@code bAt + k bRow}, row of C at {@code cAt + row
   * cRow}.
   *
   * @param depth number of rows of B
   * @param columns of B and C, a multiple of the vector length
   */
  static void multiply(
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bRow,
      int depth,
      boolean accumulate,
      float[] c,
      int cAt,
      int cRow,
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
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bRow,
      int depth,
      boolean accumulate,
      float[] c,
      int cAt,
      int cRow) {
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s20 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s21 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s30 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s31 = FloatVector.zero(Lanes.FLOATS);
    int c1 = cAt + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    if (accumulate) {
      s00 = FloatVector.fromArray(Lanes.FLOATS, c, cAt);
      s01 = FloatVector.fromArray(Lanes.FLOATS, c, cAt + Lanes.COUNT);
      s10 = FloatVector.fromArray(Lanes.FLOATS, c, c1);
      s11 = FloatVector.fromArray(Lanes.FLOATS, c, c1 + Lanes.COUNT);
      s20 = FloatVector.fromArray(Lanes.FLOATS, c, c2);
      s21 = FloatVector.fromArray(Lanes.FLOATS, c, c2 + Lanes.COUNT);
      s30 = FloatVector.fromArray(Lanes.FLOATS, c, c3);
      s31 = FloatVector.fromArray(Lanes.FLOATS, c, c3 + Lanes.COUNT);
    }
    int left = aAt;
    int right = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(Lanes.FLOATS, b, right);
      FloatVector b1 = FloatVector.fromArray(Lanes.FLOATS, b, right + Lanes.COUNT);
      FloatVector a0 = FloatVector.broadcast(Lanes.FLOATS, a[left]);
      s00 = b0.fma(a0, s00);
      s01 = b1.fma(a0, s01);
      FloatVector a1 = FloatVector.broadcast(Lanes.FLOATS, a[left + aRow]);
      s10 = b0.fma(a1, s10);
      s11 = b1.fma(a1, s11);
      FloatVector a2 = FloatVector.broadcast(Lanes.FLOATS, a[left + 2 * aRow]);
      s20 = b0.fma(a2, s20);
      s21 = b1.fma(a2, s21);
      FloatVector a3 = FloatVector.broadcast(Lanes.FLOATS, a[left + 3 * aRow]);
      s30 = b0.fma(a3, s30);
      s31 = b1.fma(a3, s31);
      left += aStep;
      right += bRow;
    }
    s00.intoArray(c, cAt);
    s01.intoArray(c, cAt + Lanes.COUNT);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + Lanes.COUNT);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + Lanes.COUNT);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + Lanes.COUNT);
  }

  /** Four rows and one vector of columns. */
  private static void narrow(
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bRow,
      int depth,
      boolean accumulate,
      float[] c,
      int cAt,
      int cRow) {
    FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s3 = FloatVector.zero(Lanes.FLOATS);
    if (accumulate) {
      s0 = FloatVector.fromArray(Lanes.FLOATS, c, cAt);
      s1 = FloatVector.fromArray(Lanes.FLOATS, c, cAt + cRow);
      s2 = FloatVector.fromArray(Lanes.FLOATS, c, cAt + 2 * cRow);
      s3 = FloatVector.fromArray(Lanes.FLOATS, c, cAt + 3 * cRow);
    }
    int left = aAt;
    int right = bAt;
    for (int k = 0; k < depth; k++) {
      FloatVector row = FloatVector.fromArray(Lanes.FLOATS, b, right);
      s0 = row.fma(FloatVector.broadcast(Lanes.FLOATS, a[left]), s0);
      s1 = row.fma(FloatVector.broadcast(Lanes.FLOATS, a[left + aRow]), s1);
      s2 = row.fma(FloatVector.broadcast(Lanes.FLOATS, a[left + 2 * aRow]), s2);
      s3 = row.fma(FloatVector.broadcast(Lanes.FLOATS, a[left + 3 * aRow]), s3);
      left += aStep;
      right += bRow;
    }
    s0.intoArray(c, cAt);
    s1.intoArray(c, cAt + cRow);
    s2.intoArray(c, cAt + 2 * cRow);
    s3.intoArray(c, cAt + 3 * cRow);
  }

  /**
   * The products of two rows of A with four rows of B: {@code c[row cRow + j] = a[row] · b[j]}, all
   * rows being whole vectors long.
   *
   * @param partial room for eight vectors
   */
  static void dots(
      float[] a,
      int aAt,
      int aRow,
      float[] b,
      int bAt,
      int bRow,
      int length,
      float[] partial,
      float[] c,
      int cAt,
      int cRow) {
    partialDots(a, aAt, aRow, b, bAt, bRow, length, partial);
    for (int row = 0; row < 2; row++) {
      for (int j = 0; j < ROWS; j++) {
        c[cAt + row * cRow + j] = Lanes.sum(partial, (row * ROWS + j) * Lanes.COUNT);
      }
    }
  }

  private static void partialDots(
      float[] a, int aAt, int aRow, float[] b, int bAt, int bRow, int length, float[] partial) {
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s02 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s03 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s10 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s11 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s12 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s13 = FloatVector.zero(Lanes.FLOATS);
    for (int k = 0; k < length; k += Lanes.COUNT) {
      FloatVector a0 = FloatVector.fromArray(Lanes.FLOATS, a, aAt + k);
      FloatVector a1 = FloatVector.fromArray(Lanes.FLOATS, a, aAt + aRow + k);
      FloatVector b0 = FloatVector.fromArray(Lanes.FLOATS, b, bAt + k);
      s00 = a0.fma(b0, s00);
      s10 = a1.fma(b0, s10);
      FloatVector b1 = FloatVector.fromArray(Lanes.FLOATS, b, bAt + bRow + k);
      s01 = a0.fma(b1, s01);
      s11 = a1.fma(b1, s11);
      FloatVector b2 = FloatVector.fromArray(Lanes.FLOATS, b, bAt + 2 * bRow + k);
      s02 = a0.fma(b2, s02);
      s12 = a1.fma(b2, s12);
      FloatVector b3 = FloatVector.fromArray(Lanes.FLOATS, b, bAt + 3 * bRow + k);
      s03 = a0.fma(b3, s03);
      s13 = a1.fma(b3, s13);
    }
    s00.intoArray(partial, 0);
    s01.intoArray(partial, Lanes.COUNT);
    s02.intoArray(partial, 2 * Lanes.COUNT);
    s03.intoArray(partial, 3 * Lanes.COUNT);
    s10.intoArray(partial, 4 * Lanes.COUNT);
    s11.intoArray(partial, 5 * Lanes.COUNT);
    s12.intoArray(partial, 6 * Lanes.COUNT);
    s13.intoArray(partial, 7 * Lanes.COUNT);
  }
}
