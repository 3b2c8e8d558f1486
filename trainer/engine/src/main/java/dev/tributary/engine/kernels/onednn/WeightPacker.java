package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.vector.Workers;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Brings weights into packed form, once each. May be shared by threads. */
final class WeightPacker {

  private final PackedLayouts layouts;
  private final Workers workers;

  /**
   * @param type that weights are packed in
   */
  WeightPacker(Workers workers, int type) {
    this.workers = workers;
    layouts = new PackedLayouts(type);
  }

  /**
   * Packs a float32 matrix, rounding it if need be.
   *
   * @param values {@code [inner, columns]}, or the transpose of it
   */
  PackedMatrix pack(Tensor values, boolean transposed) {
    int inner = transposed ? values.columns() : values.rows();
    int columns = transposed ? values.rows() : values.columns();
    PackedMatrix packed = empty(inner, columns);
    long rowStride = transposed ? 1 : values.stride();
    long columnStride = transposed ? values.stride() : 1;
    forEachSlice(
        packed,
        slice -> {
          int from = slice * packed.sliceColumns();
          int width = packed.columns(slice);
          long source = OneDnn.strided(OneDnn.FLOAT32, inner, width, rowStride, columnStride);
          long address = values.memory().address() + 4 * from * columnStride;
          reorder(source, address, packed.layout(slice), packed.address(slice));
          OneDnn.freeDescription(source);
        });
    return packed;
  }

  /** Packs the transpose of a packed matrix. */
  PackedMatrix packTransposed(PackedMatrix matrix) {
    UnpackedMatrix rows = new UnpackedMatrix();
    rows.unpack(workers, matrix, 0, matrix.columns());
    PackedMatrix packed = empty(matrix.columns(), matrix.inner());
    long bytes = StagedMatrix.bytesPerElement(matrix.type());
    forEachSlice(
        packed,
        slice -> {
          int from = slice * packed.sliceColumns();
          long source =
              OneDnn.strided(
                  matrix.type(), packed.inner(), packed.columns(slice), 1, rows.stride());
          long address = rows.address() + bytes * from * rows.stride();
          reorder(source, address, packed.layout(slice), packed.address(slice));
          OneDnn.freeDescription(source);
        });
    rows.free();
    return packed;
  }

  private PackedMatrix empty(int inner, int columns) {
    int sliceColumns = RowBlocks.sliceColumns(columns, workers.threads());
    return new PackedMatrix(inner, columns, sliceColumns, layouts);
  }

  @FunctionalInterface
  private interface SliceTask {
    void run(int slice);
  }

  private void forEachSlice(PackedMatrix matrix, SliceTask task) {
    workers.forEach(
        matrix.slices(),
        (long) matrix.inner() * matrix.sliceColumns(),
        (from, to) -> {
          OneDnn.useOneThread();
          for (int slice = from; slice < to; slice++) {
            task.run(slice);
          }
        });
  }

  private static void reorder(long source, long from, long target, long to) {
    long plan = OneDnn.reorder(source, target);
    long primitive = OneDnn.primitive(plan);
    long fromMemory = OneDnn.memory(source);
    long toMemory = OneDnn.memory(target);
    long stream = OneDnn.stream();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arena.allocate(32, 8);
      arguments.set(ValueLayout.JAVA_INT, 0, OneDnn.SOURCE);
      arguments.set(ValueLayout.JAVA_LONG, 8, fromMemory);
      arguments.set(ValueLayout.JAVA_INT, 16, OneDnn.TARGET);
      arguments.set(ValueLayout.JAVA_LONG, 24, toMemory);
      OneDnn.setAddress(fromMemory, from);
      OneDnn.setAddress(toMemory, to);
      OneDnn.execute(primitive, stream, 2, arguments.address());
    } finally {
      OneDnn.freeStream(stream);
      OneDnn.freeMemory(toMemory);
      OneDnn.freeMemory(fromMemory);
      OneDnn.freePrimitive(primitive);
      OneDnn.freePlan(plan);
    }
  }
}
