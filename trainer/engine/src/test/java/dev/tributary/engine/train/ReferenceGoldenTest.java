package dev.tributary.engine.train;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;

class ReferenceGoldenTest extends GoldenContractTest {

  @Override
  Kernels kernels() {
    return new ReferenceKernels();
  }
}
