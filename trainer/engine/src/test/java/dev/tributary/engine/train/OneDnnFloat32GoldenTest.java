package dev.tributary.engine.train;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;

class OneDnnFloat32GoldenTest extends GoldenContractTest {

  private static final Kernels KERNELS = OneDnnKernels.create(2, Precision.FLOAT32);

  @Override
  Kernels kernels() {
    return KERNELS;
  }
}
