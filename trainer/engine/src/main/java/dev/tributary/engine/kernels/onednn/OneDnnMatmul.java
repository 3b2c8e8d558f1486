package dev.tributary.engine.kernels.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A product of one shape, ready to run on any addresses. For one thread at a time. */
final class OneDnnMatmul implements AutoCloseable {

  /** {@code dnnl_exec_arg_t}: an int, padding, a pointer. */
  private static final int ARGUMENT_BYTES = 16;

  private static final int MOST_ARGUMENTS = 5;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment arguments = arena.allocate(MOST_ARGUMENTS * ARGUMENT_BYTES, 8);
  private final long primitive;
  private final long x;
  private final long weight;
  private final long y;
  private final long scratchpad;
  private final long bias;
  private final long scratchpadBytes;
  private int count;

  /**
   * @param packedLayout description of the weight if the shape says it is packed
   */
  OneDnnMatmul(MatmulShape shape, long packedLayout) {
    long xLayout =
        OneDnn.strided(shape.type, shape.rows, shape.inner, shape.xRowStride, shape.xColumnStride);
    long weightLayout =
        shape.isPacked()
            ? packedLayout
            : OneDnn.strided(
                shape.type,
                shape.inner,
                shape.columns,
                shape.weightRowStride,
                shape.weightColumnStride);
    long biasLayout =
        shape.bias ? OneDnn.strided(OneDnn.FLOAT32, 1, shape.columns, shape.columns, 1) : 0;
    long yLayout = OneDnn.strided(OneDnn.FLOAT32, shape.rows, shape.columns, shape.yRowStride, 1);
    long plan = OneDnn.matmul(xLayout, weightLayout, biasLayout, yLayout, shape.accumulate);
    primitive = OneDnn.primitive(plan);
    scratchpadBytes = OneDnn.bytes(OneDnn.scratchpadOf(plan));
    x = argument(OneDnn.SOURCE, xLayout);
    weight = argument(OneDnn.WEIGHTS, weightLayout);
    y = argument(OneDnn.TARGET, yLayout);
    scratchpad = argument(OneDnn.SCRATCHPAD, OneDnn.scratchpadOf(plan));
    bias = shape.bias ? argument(OneDnn.BIAS, biasLayout) : 0;
    OneDnn.freePlan(plan);
    OneDnn.freeDescription(xLayout);
    OneDnn.freeDescription(yLayout);
    if (!shape.isPacked()) {
      OneDnn.freeDescription(weightLayout);
    }
    if (shape.bias) {
      OneDnn.freeDescription(biasLayout);
    }
  }

  private long argument(int kind, long layout) {
    long memory = OneDnn.memory(layout);
    long at = (long) count * ARGUMENT_BYTES;
    arguments.set(ValueLayout.JAVA_INT, at, kind);
    arguments.set(ValueLayout.JAVA_LONG, at + 8, memory);
    count++;
    return memory;
  }

  /** Bytes that {@link #run} needs to work in. */
  long scratchpadBytes() {
    return scratchpadBytes;
  }

  /**
   * Computes the product.
   *
   * @param biasAddress read only if the shape has a bias
   */
  void run(
      long stream,
      long xAddress,
      long weightAddress,
      long biasAddress,
      long yAddress,
      long scratchpadAddress) {
    OneDnn.setAddress(x, xAddress);
    OneDnn.setAddress(weight, weightAddress);
    OneDnn.setAddress(y, yAddress);
    OneDnn.setAddress(scratchpad, scratchpadAddress);
    if (bias != 0) {
      OneDnn.setAddress(bias, biasAddress);
    }
    OneDnn.execute(primitive, stream, count, arguments.address());
  }

  @Override
  public void close() {
    OneDnn.freePrimitive(primitive);
    for (int i = 0; i < count; i++) {
      OneDnn.freeMemory(arguments.get(ValueLayout.JAVA_LONG, (long) i * ARGUMENT_BYTES + 8));
    }
    arena.close();
  }
}
