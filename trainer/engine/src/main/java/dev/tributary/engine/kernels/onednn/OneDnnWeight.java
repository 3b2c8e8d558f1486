package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Weight;

/**
 * A frozen weight in bfloat16, packed the way oneDNN likes it: once for {@link
 * dev.tributary.engine.kernels.Kernels#linear}, and, when a backward pass first asks for it, once
 * more for {@link dev.tributary.engine.kernels.Kernels#linearInputGradient}. Made of the forward
 * form, so nothing else needs to stay. May be shared by threads.
 */
public final class OneDnnWeight implements Weight {

  private final PackedMatrix forward;
  private final WeightPacker packer;
  private PackedMatrix backward;

  OneDnnWeight(DenseWeight weight, WeightPacker packer) {
    this.packer = packer;
    forward = packer.pack(weight.values(), weight.isOutIn());
  }

  @Override
  public int inputs() {
    return forward.inner();
  }

  @Override
  public int outputs() {
    return forward.columns();
  }

  /** {@code [in, out]}. */
  PackedMatrix forward() {
    return forward;
  }

  /** {@code [out, in]}. */
  synchronized PackedMatrix backward() {
    if (backward == null) {
      backward = packer.transpose(forward);
    }
    return backward;
  }
}
