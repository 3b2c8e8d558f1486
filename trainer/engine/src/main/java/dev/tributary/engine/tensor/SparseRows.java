package dev.tributary.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A matrix with memory for the few rows in use, in the order they came into use; all others are
 * zero. For one thread.
 */
public final class SparseRows {

  /** Most rows written out at a time: so few that they stay in a cache. */
  public static final int WINDOW = 256;

  private static final int NONE = -1;

  private final Tensor values;
  private final RowBuffer window;
  private final int[] placeOfRow;
  private final int[] rowAtPlace;
  private final int[] places;
  private int count;

  /**
   * No row is in use yet.
   *
   * @param rows of the whole matrix
   * @param values {@code [most rows in use, columns]}, zeros
   */
  public SparseRows(int rows, Tensor values) {
    this.values = values;
    this.window = TensorArena.shared().rows(Math.min(rows, WINDOW), values.columns());
    this.placeOfRow = new int[rows];
    this.rowAtPlace = new int[values.rows()];
    this.places = new int[values.rows()];
    Arrays.fill(placeOfRow, NONE);
  }

  /** Rows of the whole matrix. */
  public int rows() {
    return placeOfRow.length;
  }

  /** {@code [most rows in use, columns]}: the rows in use, and zeros. */
  public Tensor values() {
    return values;
  }

  /**
   * Takes rows into use, unless they are.
   *
   * @param n how many of {@code rows}: at most as many as can be in use
   * @return where each of them is in {@link #values}; valid until the next call
   */
  public int[] use(int[] rows, int n) {
    for (int i = 0; i < n; i++) {
      int row = rows[i];
      if (placeOfRow[row] == NONE) {
        rowAtPlace[count] = row;
        placeOfRow[row] = count++;
      }
      places[i] = placeOfRow[row];
    }
    return places;
  }

  /** Sets the bits of the rows in use. */
  public void markUsed(BitSet rows) {
    for (int place = 0; place < count; place++) {
      rows.set(rowAtPlace[place]);
    }
  }

  /** Makes all rows zero, none in use. */
  public void clear() {
    for (int place = 0; place < count; place++) {
      placeOfRow[rowAtPlace[place]] = NONE;
    }
    values.slice(0, count).zero();
    count = 0;
  }

  /**
   * Rows {@code [first, first + count)} of the whole matrix, zeros included; valid until the next
   * call.
   *
   * @param count at most {@link #WINDOW}
   */
  public Tensor dense(int first, int count) {
    Tensor dense = window.first(count);
    dense.zero();
    long bytes = 4L * values.columns();
    for (int i = 0; i < count; i++) {
      int place = placeOfRow[first + i];
      if (place != NONE) {
        MemorySegment.copy(values.memory(), place * bytes, dense.memory(), i * bytes, bytes);
      }
    }
    return dense;
  }
}
