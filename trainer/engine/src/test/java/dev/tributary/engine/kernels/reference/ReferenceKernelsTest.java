package dev.tributary.engine.kernels.reference;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.KernelsContractTest;

class ReferenceKernelsTest extends KernelsContractTest {

  @Override
  protected Kernels kernels() {
    return new ReferenceKernels();
  }
}
