package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.vector.Workers;

/**
 * One product {@code y = x W + bias} on its way through the threads that share it: the addresses,
 * and how blocks of rows and slices of columns are found in them. Used again and again, by one
 * caller at a time.
 */
final class OneDnnProduct implements Workers.Task {

  /**
   * Inputs of a plain weight summed up at a time, at most: so few that what a block of rows has of
   * them stays in a cache while it meets all columns. oneDNN itself cuts deep products less well,
   * those in float32 from fewer inputs on.
   */
  private static final int DEPTH_BFLOAT16 = 1_024;

  private static final int DEPTH_FLOAT32 = 384;

  /** Elements of a cache line in bfloat16, of two lines in float32. */
  private static final int LINE = 32;

  private final Pool<OneDnnContext> contexts;
  private final RowBlocks blocks = new RowBlocks();
  private final MatmulShape shape = new MatmulShape();
  private long x;
  private PackedMatrix packedOrNull;
  private long weight;
  private long bias;
  private long y;
  private int columns;
  private int sliceColumns;
  private int depth;
  private long depthStride;

  OneDnnProduct(Pool<OneDnnContext> contexts) {
    this.contexts = contexts;
  }

  /** That the product is computed in, once its weight is known. */
  int type() {
    return shape.type;
  }

  /** x is {@code [rows, inner]} of that type. */
  void x(long address, long rowStride, long columnStride) {
    x = address;
    shape.xRowStride = rowStride;
    shape.xColumnStride = columnStride;
  }

  void weight(PackedMatrix packed) {
    packedOrNull = packed;
    shape.type = packed.type();
    shape.inner = packed.inner();
    shape.weightRowStride = 0;
    shape.weightColumnStride = 0;
    columns = packed.columns();
    sliceColumns = packed.sliceColumns();
  }

  /** A weight {@code [inner, columns]} of that type in plain memory. */
  void weight(
      int type, int inner, int newColumns, long address, long rowStride, long columnStride) {
    packedOrNull = null;
    weight = address;
    shape.type = type;
    shape.inner = inner;
    shape.weightRowStride = rowStride;
    shape.weightColumnStride = columnStride;
    columns = newColumns;
    depth = evenDepth(inner, type == OneDnn.BFLOAT16 ? DEPTH_BFLOAT16 : DEPTH_FLOAT32);
    depthStride = depth * rowStride;
  }

  /** Of parts as alike as can be that begin at a cache line, none larger than that. */
  private static int evenDepth(int inner, int most) {
    int parts = Math.max(1, Math.ceilDiv(inner, most));
    return Math.ceilDiv(inner, parts * LINE) * LINE;
  }

  /** The transpose of a weight packed in float32, whose panels are plain matrices. */
  void transposedWeight(PackedMatrix packed) {
    int inner = packed.columns();
    long address = packed.memory().address();
    weight(packed.type(), inner, packed.inner(), address, 1, PackedLayout.PANEL);
    depth = PackedLayout.PANEL;
    depthStride = packed.panel(1) / Float.BYTES;
  }

  /**
   * @param biasOrZero address of {@code columns} floats
   */
  void y(long address, long rowStride, long biasOrZero, boolean accumulate) {
    y = address;
    bias = biasOrZero;
    shape.yRowStride = rowStride;
    shape.bias = biasOrZero != 0;
    shape.accumulate = accumulate;
  }

  /** Computes it. */
  void run(Workers workers, int rows) {
    if (packedOrNull == null) {
      sliceColumns = Math.min(columns, RowBlocks.sliceColumns(columns, workers.threads()));
    }
    int slices = slices();
    blocks.cut(rows, Math.max(1, workers.threads() / slices));
    workers.forEach(slices * blocks.count(), cost(rows) / (slices * blocks.count()), this);
  }

  private int slices() {
    return (columns + sliceColumns - 1) / sliceColumns;
  }

  /** In elements touched one by one, as {@link Workers} counts: an estimate. */
  private long cost(int rows) {
    long size = (long) shape.inner * columns;
    return Math.max(size / 4, rows * size / 16);
  }

  @Override
  public void run(int from, int to) {
    OneDnn.useOneThread();
    OneDnnContext context = contexts.take();
    try {
      for (int index = from; index < to; index++) {
        runPart(context, index / blocks.count(), index % blocks.count());
      }
    } finally {
      contexts.giveBack(context);
    }
  }

  private void runPart(OneDnnContext context, int slice, int block) {
    int firstColumn = slice * sliceColumns;
    int firstRow = blocks.from(block);
    MatmulShape part = context.shape;
    part.set(shape);
    part.rows = blocks.rows(block);
    part.columns = Math.min(sliceColumns, columns - firstColumn);
    long bytes = StagedMatrix.bytesPerElement(shape.type);
    long rowsOfX = x + bytes * (firstRow * shape.xRowStride);
    long biasOfSlice = bias == 0 ? 0 : bias + 4L * firstColumn;
    long target = y + 4 * (firstRow * shape.yRowStride + firstColumn);
    if (packedOrNull != null) {
      long packed = packedOrNull.address(slice);
      context.run(packedOrNull.layout(slice), rowsOfX, packed, biasOfSlice, target);
      return;
    }
    long columnsOfWeight = weight + bytes * (firstColumn * shape.weightColumnStride);
    for (int from = 0; from < shape.inner; from += depth) {
      part.inner = Math.min(depth, shape.inner - from);
      part.bias = shape.bias && from == 0;
      part.accumulate = shape.accumulate || from > 0;
      long left = rowsOfX + bytes * (from * shape.xColumnStride);
      long right = columnsOfWeight + bytes * (from / depth * depthStride);
      context.run(0, left, right, biasOfSlice, target);
    }
  }
}
