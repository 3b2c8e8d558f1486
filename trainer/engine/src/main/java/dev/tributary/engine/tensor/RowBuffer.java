package dev.tributary.engine.tensor;

/**
 * A planned matrix of which a step uses the first rows. Keeps the last window, so that asking for
 * the same number of rows again allocates nothing. For one thread.
 */
public final class RowBuffer {

  private final Tensor whole;
  private Tensor window;

  RowBuffer(Tensor whole) {
    this.whole = whole;
    this.window = whole;
  }

  /** The first {@code count} rows. */
  public Tensor first(int count) {
    if (window.rows() != count) {
      window = whole.slice(0, count);
    }
    return window;
  }

  /** Columns {@code [from, from + count)} of the same rows, with a window of its own. */
  public RowBuffer columns(int from, int count) {
    return from == 0 && count == whole.columns() ? this : new RowBuffer(whole.columns(from, count));
  }

  /** The same rows, with a window of its own: for two counts in turn. */
  public RowBuffer again() {
    return new RowBuffer(whole);
  }

  public Tensor whole() {
    return whole;
  }
}
