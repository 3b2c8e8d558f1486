package dev.tributary.engine.train;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;
import org.junit.jupiter.api.Assumptions;

class OneDnnBf16GoldenTest extends GoldenContractTest {

  /**
   * Frozen weights and their inputs have 8 significant bits, a relative error of up to 2^-9 = 0.002
   * each, which adds up over the layers like a random walk. The logits here are some units large.
   * PyTorch's bfloat16 autocast misses the same files by up to 0.086 in a logit, 0.085 in a
   * gradient and 0.003 in a loss. Adam's first steps move a weight by the full rate however small
   * its gradient, so one whose gradient is smaller than its error may go the other way.
   */
  private static final Tolerances BFLOAT16 = new Tolerances(0.1, 3e-3, 0.1, 5e-3, 0.15, 0.06);

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
