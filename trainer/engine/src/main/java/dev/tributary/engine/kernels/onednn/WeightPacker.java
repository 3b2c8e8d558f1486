package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.vector.Workers;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Brings weights into packed form, once each. May be shared by threads. */
final class WeightPacker {

  /** Columns unpacked at a time on the way to the other direction: a few MB of memory. */
  private static final int CHUNK = 2_048;

  private final PackedLayouts layouts = new PackedLayouts();
  private final Workers workers;

  WeightPacker(Workers workers) {
    this.workers = workers;
  }

  /**
   * Packs a float32 matrix, rounding it.
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
          int width = Math.min(packed.sliceColumns(), columns - from);
          long source = OneDnn.strided(OneDnn.FLOAT32, inner, width, rowStride, columnStride);
          long address = values.memory().address() + 4 * from * columnStride;
          reorder(source, address, packed.layout(slice), packed.address(slice));
          OneDnn.freeDescription(source);
        });
    return packed;
  }

  /** The transpose, for the other direction; exact. */
  PackedMatrix transpose(PackedMatrix matrix) {
    PackedMatrix packed = empty(matrix.columns(), matrix.inner());
    forEachSlice(
        matrix,
        slice -> {
          int from = slice * matrix.sliceColumns();
          int width = Math.min(matrix.sliceColumns(), matrix.columns() - from);
          try (Arena arena = Arena.ofConfined()) {
            long bytes = 2L * matrix.inner() * Math.min(CHUNK, width);
            MemorySegment chunk = arena.allocate(bytes, 64);
            for (int at = 0; at < width; at += CHUNK) {
              transposeChunk(matrix, slice, at, Math.min(CHUNK, width - at), chunk, packed);
            }
          }
        });
    return packed;
  }

  /** Columns {@code [at, at + count)} of a slice become rows of every slice of the transpose. */
  private static void transposeChunk(
      PackedMatrix matrix, int slice, int at, int count, MemorySegment chunk, PackedMatrix to) {
    int inner = matrix.inner();
    long plain = OneDnn.strided(OneDnn.BFLOAT16, inner, count, count, 1);
    long part = OneDnn.part(matrix.layout(slice), inner, count, 0, at);
    reorder(part, matrix.address(slice), plain, chunk.address());
    OneDnn.freeDescription(part);
    OneDnn.freeDescription(plain);
    int firstRow = slice * matrix.sliceColumns() + at;
    for (int other = 0; other < to.slices(); other++) {
      int from = other * to.sliceColumns();
      int width = Math.min(to.sliceColumns(), inner - from);
      long source = OneDnn.strided(OneDnn.BFLOAT16, count, width, 1, count);
      long target = OneDnn.part(to.layout(other), count, width, firstRow, 0);
      reorder(source, chunk.address() + 2L * from * count, target, to.address(other));
      OneDnn.freeDescription(target);
      OneDnn.freeDescription(source);
    }
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
