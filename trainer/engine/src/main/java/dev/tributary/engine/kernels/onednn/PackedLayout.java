package dev.tributary.engine.kernels.onednn;

/**
 * How oneDNN likes a bfloat16 weight {@code [inner, columns]} best on this processor.
 *
 * @param description oneDNN's, never freed: there is one for each shape
 * @param bytes of a weight in it
 */
record PackedLayout(int inner, int columns, long description, long bytes) {

  /** Asks oneDNN, for a product with many rows; other products then take the layout as it is. */
  static PackedLayout of(int inner, int columns) {
    int rows = RowBlocks.MOST_ROWS;
    long x = OneDnn.strided(OneDnn.BFLOAT16, rows, inner, inner, 1);
    long any = OneDnn.anyLayout(OneDnn.BFLOAT16, inner, columns);
    long y = OneDnn.strided(OneDnn.FLOAT32, rows, columns, columns, 1);
    long plan = OneDnn.matmul(x, any, 0, y, false);
    long chosen = OneDnn.weightsOf(plan);
    OneDnn.freePlan(plan);
    OneDnn.freeDescription(y);
    OneDnn.freeDescription(any);
    OneDnn.freeDescription(x);
    return new PackedLayout(inner, columns, chosen, OneDnn.bytes(chosen));
  }
}
