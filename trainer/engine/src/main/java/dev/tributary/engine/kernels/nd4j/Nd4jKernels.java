package dev.tributary.engine.kernels.nd4j;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.kernels.vector.VectorKernels;
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
  public void linear(
      float alpha, Tensor x, Weight weight, Tensor biasOrNull, boolean accumulate, Tensor y) {
    DenseWeight dense = DenseWeight.of(weight);
    if (x.rows() == 1) {
      rowLinear(alpha, x, dense, biasOrNull, accumulate, y);
      return;
    }
    boolean added = startFromBias(biasOrNull, accumulate, y);
    gemm.multiply(alpha, x, false, dense.values(), dense.isOutIn(), added ? 1 : 0, y);
  }

  @Override
  public void linearInputGradient(
      float alpha, Tensor dy, Weight weight, boolean accumulate, Tensor dx) {
    DenseWeight dense = DenseWeight.of(weight);
    gemm.multiply(alpha, dy, false, dense.values(), !dense.isOutIn(), accumulate ? 1 : 0, dx);
  }

  @Override
  public void linearWeightGradient(float alpha, Tensor x, Tensor dy, DenseWeight dWeight) {
    if (dWeight.isOutIn()) {
      gemm.multiply(alpha, dy, true, x, false, 1, dWeight.values());
    } else {
      gemm.multiply(alpha, x, true, dy, false, 1, dWeight.values());
    }
  }
}
