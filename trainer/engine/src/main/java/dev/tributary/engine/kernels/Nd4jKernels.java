package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * The portable kernels: matrix products by ND4J (nd4j-native, OpenBLAS), everything else fused with
 * the Vector API. Float32. Loading takes a second or two, once a process.
 */
public final class Nd4jKernels extends VectorKernels {

  private final Nd4jGemm gemm;

  private Nd4jKernels(int threads) {
    super(threads);
    NativeThreads.tame();
    gemm = new Nd4jGemm();
  }

  /** On all processors this process may use. */
  public static Nd4jKernels create() {
    return create(Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param threads that share an operation, other than a matrix product; at least 1
   */
  public static Nd4jKernels create(int threads) {
    return new Nd4jKernels(threads);
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public String description() {
    return "float32; matrix products by ND4J (OpenBLAS), " + vectors();
  }

  @Override
  public void linear(float alpha, Tensor x, Weight weight, boolean accumulate, Tensor y) {
    if (x.rows() == 1) {
      rowLinear(alpha, x, weight, accumulate, y);
    } else {
      gemm.multiply(alpha, x, false, weight.values(), weight.isOutIn(), accumulate ? 1 : 0, y);
    }
  }

  @Override
  public void linearInputGradient(
      float alpha, Tensor dy, Weight weight, boolean accumulate, Tensor dx) {
    gemm.multiply(alpha, dy, false, weight.values(), !weight.isOutIn(), accumulate ? 1 : 0, dx);
  }

  @Override
  public void linearWeightGradient(float alpha, Tensor x, Tensor dy, Weight dWeight) {
    if (dWeight.isOutIn()) {
      gemm.multiply(alpha, dy, true, x, false, 1, dWeight.values());
    } else {
      gemm.multiply(alpha, x, true, dy, false, 1, dWeight.values());
    }
  }
}
