package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;

class OneDnnFloat32KernelsTest extends OneDnnContractTest {

  private static final Kernels TWO_THREADS = OneDnnKernels.create(2, Precision.FLOAT32);
  private static final Kernels ONE_THREAD = OneDnnKernels.create(1, Precision.FLOAT32);

  @Override
  protected Kernels kernels() {
    return TWO_THREADS;
  }

  @Override
  protected Kernels oneThread() {
    return ONE_THREAD;
  }
}
