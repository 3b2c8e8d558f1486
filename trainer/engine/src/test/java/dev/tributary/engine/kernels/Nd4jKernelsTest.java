package dev.tributary.engine.kernels;

class Nd4jKernelsTest extends FastKernelsContractTest {

  private static final Kernels TWO_THREADS = Nd4jKernels.create(2);
  private static final Kernels ONE_THREAD = Nd4jKernels.create(1);

  @Override
  Kernels kernels() {
    return TWO_THREADS;
  }

  @Override
  Kernels oneThread() {
    return ONE_THREAD;
  }
}
