package dev.tributary.engine.kernels.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.RandomTensors;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.kernels.vector.Bfloat16;
import dev.tributary.engine.tensor.Tensor;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({"1", "4"})
  void aFewRowsAreMultipliedAsTheyAre(int n) {
    RandomTensors random = new RandomTensors(7);
    Tensor values = random.tensor(515, 130);
    for (long i = 0; i < values.size(); i++) {
      values.set(i, rounded(values.get(i)));
    }
    DenseWeight weight = DenseWeight.inOut(values);
    Tensor x = random.tensor(n, 515);
    Tensor expected = random.zeros(n, 130);
    Tensor actual = random.zeros(n, 130);

    new ReferenceKernels().linear(1, x, weight, null, false, expected);
    kernels().linear(1, x, kernels().freeze(weight), null, false, actual);

    for (long i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), actual.get(i), 3e-5, "element " + i);
    }
  }
}
