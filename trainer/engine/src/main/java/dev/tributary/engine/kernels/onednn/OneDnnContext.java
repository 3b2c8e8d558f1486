package dev.tributary.engine.kernels.onednn;

import java.util.HashMap;
import java.util.Map;

/**
 * What one thread needs to run products: machine code by shape, a stream, a scratchpad. For one
 * thread at a time.
 */
final class OneDnnContext {

  /**
   * Shapes kept before starting afresh. A weight needs a few dozen: rows come in blocks of at most
   * {@link RowBlocks#MOST_ROWS}, so what a model needs stays far below.
   */
  private static final int MOST_SHAPES = 4_096;

  /** Filled in by the user before {@link #run}. */
  final MatmulShape shape = new MatmulShape();

  private final Map<MatmulShape, OneDnnMatmul> products = new HashMap<>();
  private final ScratchMemory scratchpad = new ScratchMemory();
  private final long stream = OneDnn.stream();

  /**
   * Runs the product of {@link #shape} on the given addresses.
   *
   * @param packedLayout description of a packed weight; 0 for others
   * @param bias 0 for none
   */
  void run(long packedLayout, long x, long weight, long bias, long y) {
    OneDnnMatmul product = products.get(shape);
    if (product == null) {
      product = add(packedLayout);
    }
    long work = scratchpad.ofBytes(product.scratchpadBytes()).address();
    product.run(stream, x, weight, bias, y, work);
  }

  private OneDnnMatmul add(long packedLayout) {
    if (products.size() >= MOST_SHAPES) {
      products.values().forEach(OneDnnMatmul::close);
      products.clear();
    }
    OneDnnMatmul product = new OneDnnMatmul(shape, packedLayout);
    products.put(shape.copy(), product);
    return product;
  }
}
