package dev.tributary.engine.train;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;

class ReferenceClassifierTest extends ClassifierContractTest {

  @Override
  Kernels kernels() {
    return new ReferenceKernels();
  }
}
