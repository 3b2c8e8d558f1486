package dev.tributary.engine.kernels;

class ReferenceKernelsTest extends KernelsContractTest {

  @Override
  Kernels kernels() {
    return new ReferenceKernels();
  }
}
