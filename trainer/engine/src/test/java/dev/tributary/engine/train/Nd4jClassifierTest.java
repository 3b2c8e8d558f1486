package dev.tributary.engine.train;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;

class Nd4jClassifierTest extends ClassifierContractTest {

  private static final Kernels KERNELS = Nd4jKernels.create();

  @Override
  Kernels kernels() {
    return KERNELS;
  }
}
