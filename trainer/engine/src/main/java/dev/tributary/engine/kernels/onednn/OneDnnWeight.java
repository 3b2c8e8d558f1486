package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.Weight;

/**
 * A frozen weight in bfloat16, packed once. May be shared by threads.
 *
 * @param packed {@code [in, out]}
 */
record OneDnnWeight(PackedMatrix packed) implements Weight {

  @Override
  public int inputs() {
    return packed.inner();
  }

  @Override
  public int outputs() {
    return packed.columns();
  }
}
