package dev.tributary.engine.kernels.onednn;

/**
 * How a weight {@code [inner, columns]} is packed: panels of {@value #PANEL} columns, in each of
 * which row lies after row; in bfloat16 two rows lie element by element beside each other. It is
 * oneDNN's own choice for many rows, in float32 from AVX2 on, and where bfloat16 is fast, with AMX
 * and without; further columns of the last panel are zeros.
 *
 * @param type of the packed elements
 * @param description oneDNN's, never freed: there is one for each shape
 * @param bytes of a weight in it
 */
record PackedLayout(int type, int inner, int columns, long description, long bytes) {

  /** Columns that lie together. */
  static final int PANEL = 64;

  /** Bytes of a panel's row in float32, and of a pair of its rows in bfloat16. */
  static final long ROW_BYTES = (long) PANEL * Float.BYTES;

  static PackedLayout of(int type, int inner, int columns) {
    long description = OneDnn.panels(type, inner, columns);
    return new PackedLayout(type, inner, columns, description, OneDnn.bytes(description));
  }

  /** Panels of so many columns. */
  static int panels(int columns) {
    return (columns + PANEL - 1) / PANEL;
  }
}
