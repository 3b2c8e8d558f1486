package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.vector.ColumnSums;
import dev.tributary.engine.kernels.vector.Workers;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * The product of a few rows with a packed weight, as generating text needs one for every token. It
 * takes as long as reading the weight does, once and in the order it lies in memory, which oneDNN
 * is not made for. x is not rounded. Used again and again, by one caller at a time.
 */
final class FewRowsProduct implements Workers.Task {

  /** With more rows oneDNN is faster. */
  static final int MOST_ROWS = 4;

  private final Workers workers;
  private final ScratchMemory rowsMemory = new ScratchMemory();
  private final ScratchMemory sumsMemory = new ScratchMemory();
  private MemorySegment rows;
  private MemorySegment sums;
  private PackedMatrix weight;
  private Tensor bias;
  private Tensor y;
  private float alpha;
  private boolean accumulate;

  FewRowsProduct(Workers workers) {
    this.workers = workers;
  }

  /** {@code y = factor x W + bias}, or added to y. */
  void multiply(
      float factor,
      Tensor x,
      PackedMatrix packed,
      Tensor biasOrNull,
      boolean added,
      Tensor result) {
    weight = packed;
    bias = biasOrNull;
    y = result;
    alpha = factor;
    accumulate = added;
    int panels = PackedLayout.panels(packed.columns());
    rows = rowsMemory.ofBytes(4L * x.rows() * rowFloats());
    sums = sumsMemory.ofBytes(4L * panels * PackedLayout.PANEL);
    for (int i = 0; i < x.rows(); i++) {
      long end = (long) i * rowFloats() + packed.inner();
      MemorySegment.copy(
          x.memory(), 4L * i * x.stride(), rows, 4L * i * rowFloats(), 4L * packed.inner());
      if (rowFloats() > packed.inner()) {
        rows.setAtIndex(Tensor.FLOAT, end, 0);
      }
    }
    workers.forEach(panels, (long) packed.inner() * PackedLayout.PANEL / 2, this);
    weight = null;
    bias = null;
    y = null;
  }

  /** Of a row of x, a zero after an odd number of them included: rows of the weight are paired. */
  private int rowFloats() {
    return (weight.inner() + 1) / 2 * 2;
  }

  @Override
  public void run(int from, int to) {
    for (int panel = from; panel < to; panel++) {
      int column = panel * PackedLayout.PANEL;
      for (int i = 0; i < y.rows(); i++) {
        multiply(i, panel);
        finish(i, column, Math.min(PackedLayout.PANEL, weight.columns() - column));
      }
    }
  }

  private void multiply(int row, int panel) {
    MemorySegment w = weight.memory();
    long at = weight.panel(panel);
    long x = (long) row * rowFloats();
    int to = panel * PackedLayout.PANEL;
    if (weight.type() == OneDnn.BFLOAT16) {
      int pairs = rowFloats() / 2;
      ColumnSums.ofPairs(
          rows, x, pairs, w, at, PackedLayout.ROW_BYTES, sums, to, PackedLayout.PANEL);
    } else {
      int inner = weight.inner();
      ColumnSums.ofFloats(
          rows, x, inner, w, at, PackedLayout.ROW_BYTES, sums, to, PackedLayout.PANEL);
    }
  }

  private void finish(int row, int column, int count) {
    long at = (long) row * y.stride() + column;
    for (int j = 0; j < count; j++) {
      float value = alpha * sums.getAtIndex(Tensor.FLOAT, column + j);
      if (bias != null) {
        value += bias.memory().getAtIndex(Tensor.FLOAT, column + j);
      }
      if (accumulate) {
        value += y.memory().getAtIndex(Tensor.FLOAT, at + j);
      }
      y.memory().setAtIndex(Tensor.FLOAT, at + j, value);
    }
  }
}
