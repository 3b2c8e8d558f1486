package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.vector.Bfloat16;
import dev.tributary.engine.kernels.vector.Workers;
import java.lang.foreign.MemorySegment;

/**
 * Some columns of a packed matrix, brought into rows for a product with its transpose, so that
 * nothing but the packed form of a large weight has to stay. For one product at a time.
 */
final class UnpackedMatrix implements Workers.Task {

  /**
   * Rows begin off the same cache sets, whatever their length: half a panel more than they need.
   */
  private static final int SPREAD = PackedLayout.PANEL / 2;

  private final ScratchMemory scratch = new ScratchMemory();
  private MemorySegment memory;
  private PackedMatrix source;
  private int firstPanel;
  private int panels;
  private long stride;

  /**
   * Unpacks columns {@code [first, first + count)}.
   *
   * @param first a multiple of {@link PackedLayout#PANEL}
   */
  void unpack(Workers workers, PackedMatrix from, int first, int count) {
    source = from;
    firstPanel = first / PackedLayout.PANEL;
    panels = PackedLayout.panels(count);
    stride = (long) panels * PackedLayout.PANEL + SPREAD;
    // Rows are packed in pairs, so an odd one has room for its partner.
    memory =
        scratch.ofBytes((from.inner() + 1) * stride * StagedMatrix.bytesPerElement(from.type()));
    // By rows, as the product is: its slices are these rows, then still in their thread's cache.
    workers.forEach((from.inner() + 1) / 2, 2L * count, this);
    source = null;
  }

  /** Works on pairs of rows. */
  @Override
  public void run(int from, int to) {
    if (source.type() == OneDnn.FLOAT32) {
      copyRows(2 * from, Math.min(2 * to, source.inner()));
    } else {
      splitPairs(from, to);
    }
  }

  private void copyRows(int from, int to) {
    for (int panel = 0; panel < panels; panel++) {
      long at = source.panel(firstPanel + panel);
      long unpacked = (long) panel * PackedLayout.ROW_BYTES;
      for (int row = from; row < to; row++) {
        MemorySegment.copy(
            source.memory(),
            at + row * PackedLayout.ROW_BYTES,
            memory,
            unpacked + row * stride * Float.BYTES,
            PackedLayout.ROW_BYTES);
      }
    }
  }

  private void splitPairs(int from, int to) {
    long rowBytes = stride * Short.BYTES;
    for (int panel = 0; panel < panels; panel++) {
      long packed = source.panel(firstPanel + panel);
      long unpacked = (long) panel * PackedLayout.PANEL * Short.BYTES;
      for (int pair = from; pair < to; pair++) {
        long row = unpacked + 2 * pair * rowBytes;
        long at = packed + pair * PackedLayout.ROW_BYTES;
        Bfloat16.split(source.memory(), at, memory, row, row + rowBytes, PackedLayout.PANEL);
      }
    }
  }

  long address() {
    return memory.address();
  }

  /** Gives the memory back. */
  void free() {
    scratch.free();
  }

  /** Elements from one row to the next. */
  long stride() {
    return stride;
  }
}
