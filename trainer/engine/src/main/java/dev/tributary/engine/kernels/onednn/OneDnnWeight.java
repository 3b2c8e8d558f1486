package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.Weight;

/**
 * A frozen weight, packed once for each direction it is multiplied in. May be shared by threads.
 */
final class OneDnnWeight implements Weight {

  /**
   * Elements up to which a second packed form pays for its memory. Of the shape alone, so that the
   * bytes of a result do not depend on what else is in memory.
   */
  private static final long SMALL = 1 << 22;

  /**
   * Elements from which it does so in float32, in which a weight can be multiplied where it lies:
   * smaller ones gain too little to be seen, and over many layers their memory adds up.
   */
  private static final long LEAST_FLOAT32 = 1 << 20;

  /**
   * As {@link #SMALL}, for a weight of many more outputs than inputs, of which a model has one: its
   * head. It meets few rows at a time, and unpacking takes as long for few as for many.
   */
  private static final long SMALL_HEAD = 1 << 26;

  private static final int HEAD_OUTPUTS_PER_INPUT = 16;

  private final PackedMatrix packed;
  private volatile PackedMatrix transposed;

  /**
   * @param packed {@code [in, out]}
   */
  OneDnnWeight(PackedMatrix packed) {
    this.packed = packed;
  }

  /** {@code [in, out]}. */
  PackedMatrix packed() {
    return packed;
  }

  /** {@code [out, in]}, packed when first asked for; null if that does not pay. */
  PackedMatrix transposedOrNull(WeightPacker packer) {
    if (!isPackedTwice()) {
      return null;
    }
    PackedMatrix known = transposed;
    return known != null ? known : transpose(packer);
  }

  private boolean isPackedTwice() {
    long elements = (long) inputs() * outputs();
    boolean head = outputs() >= HEAD_OUTPUTS_PER_INPUT * inputs();
    return elements >= (packed.type() == OneDnn.FLOAT32 ? LEAST_FLOAT32 : 0)
        && elements <= (head ? SMALL_HEAD : SMALL);
  }

  private synchronized PackedMatrix transpose(WeightPacker packer) {
    if (transposed == null) {
      transposed = packer.packTransposed(packed);
    }
    return transposed;
  }

  @Override
  public int inputs() {
    return packed.inner();
  }

  @Override
  public int outputs() {
    return packed.columns();
  }
}
