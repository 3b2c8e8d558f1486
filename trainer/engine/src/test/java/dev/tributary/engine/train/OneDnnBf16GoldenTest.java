package dev.tributary.engine.train;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.OneDnnKernels;
import dev.tributary.engine.kernels.OneDnnKernels.Precision;
import org.junit.jupiter.api.Assumptions;

class OneDnnBf16GoldenTest extends GoldenContractTest {

  /**
   * Frozen weights and their inputs have 8 significant bits, a relative error of up to 2^-9 = 0.002
   * each, which adds up over three layers like a random walk. The logits here are some units large.
   * Continuations of these random models meet near ties soon. Adam's first steps move a weight by
   * the full rate however small its gradient, so one whose gradient is smaller than its error may
   * go the other way.
   */
  private static final Tolerances BFLOAT16 = new Tolerances(0.05, 5e-4, 0.03, 1e-3, 0.01, 0.05, 4);

  @Override
  Kernels kernels() {
    try {
      return OneDnnKernels.create(2, Precision.BFLOAT16);
    } catch (UnsupportedOperationException e) {
      return Assumptions.abort(e.getMessage());
    }
  }

  @Override
  Tolerances tolerances() {
    return BFLOAT16;
  }
}
