package dev.tributary.engine.kernels.onednn;

/**
 * How the rows of a product are cut into blocks, and its columns into slices, for threads to share.
 *
 * <p>Machine code is made for a fixed number of rows, and the number of tokens changes with every
 * batch. So blocks are multiples of 16 rows, as equal as can be and at most 256 of them, and what
 * is left over is one block of fewer than 16: at most 31 numbers of rows ever occur. The cut
 * depends on the product and the number of threads alone, so it gives the same bytes each time.
 */
final class RowBlocks {

  /** Beyond, larger blocks no longer read the weight noticeably less often. */
  static final int MOST_ROWS = 256;

  /** Blocks are multiples of so many rows. */
  static final int GRAIN = 16;

  /** A narrower slice would make the rows of its blocks too short. */
  private static final int LEAST_COLUMNS = 256;

  private int rows;
  private int blockRows;
  private int fullBlocks;

  /** The widest slice, when so many columns are shared by threads; the last may be narrower. */
  static int sliceColumns(int columns, int threads) {
    int slices = Math.max(1, Math.min(threads, columns / LEAST_COLUMNS));
    while (threads % slices != 0) {
      slices--;
    }
    return roundedUp((columns + slices - 1) / slices, PackedLayout.PANEL);
  }

  /**
   * Cuts anew.
   *
   * @param threads that share each slice of columns
   */
  void cut(int newRows, int threads) {
    rows = newRows;
    int full = rows / GRAIN * GRAIN;
    int wanted = roundedUp((full + MOST_ROWS - 1) / MOST_ROWS, threads);
    blockRows = full == 0 ? 0 : roundedUp((full + wanted - 1) / wanted, GRAIN);
    fullBlocks = full == 0 ? 0 : (full + blockRows - 1) / blockRows;
  }

  int count() {
    return fullBlocks + (rows % GRAIN == 0 ? 0 : 1);
  }

  /** First row of a block. */
  int from(int block) {
    return block < fullBlocks ? block * blockRows : rows / GRAIN * GRAIN;
  }

  /** Number of rows of a block. */
  int rows(int block) {
    int end = block + 1 < count() ? from(block + 1) : rows;
    return end - from(block);
  }

  private static int roundedUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
