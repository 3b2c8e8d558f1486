package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;
import dev.tributary.engine.kernels.vector.Bfloat16;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Products wide enough are in bfloat16 here; those of the inherited contract, whose finite
 * differences rounding would drown, are narrow and so in float32.
 */
@EnabledIf("processorCan")
class OneDnnBf16KernelsTest extends OneDnnContractTest {

  private Kernels kernels;

  static boolean processorCan() {
    return OneDnn.hasFastBfloat16();
  }

  @Override
  protected Kernels kernels() {
    if (kernels == null) {
      kernels = OneDnnKernels.create(2, Precision.BFLOAT16);
    }
    return kernels;
  }

  @Override
  protected Kernels oneThread() {
    return OneDnnKernels.create(1, Precision.BFLOAT16);
  }

  @Override
  protected float rounded(float value) {
    return Float.intBitsToFloat(Bfloat16.of(value) << 16);
  }
}
