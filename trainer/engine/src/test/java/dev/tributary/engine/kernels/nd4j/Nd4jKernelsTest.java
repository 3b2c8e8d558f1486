package dev.tributary.engine.kernels.nd4j;

import dev.tributary.engine.kernels.FastKernelsContractTest;
import dev.tributary.engine.kernels.Kernels;

class Nd4jKernelsTest extends FastKernelsContractTest {

  private static final Kernels TWO_THREADS = Nd4jKernels.create(2);
  private static final Kernels ONE_THREAD = Nd4jKernels.create(1);

  @Override
  protected Kernels kernels() {
    return TWO_THREADS;
  }

  @Override
  protected Kernels oneThread() {
    return ONE_THREAD;
  }
}
