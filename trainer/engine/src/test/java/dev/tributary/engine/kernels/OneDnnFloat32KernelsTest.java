package dev.tributary.engine.kernels;

import dev.tributary.engine.kernels.OneDnnKernels.Precision;

class OneDnnFloat32KernelsTest extends OneDnnContractTest {

  private static final Kernels TWO_THREADS = OneDnnKernels.create(2, Precision.FLOAT32);
  private static final Kernels ONE_THREAD = OneDnnKernels.create(1, Precision.FLOAT32);

  @Override
  Kernels kernels() {
    return TWO_THREADS;
  }

  @Override
  Kernels oneThread() {
    return ONE_THREAD;
  }
}
