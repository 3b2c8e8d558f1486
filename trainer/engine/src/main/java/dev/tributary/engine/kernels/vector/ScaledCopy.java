package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Copies float32 values multiplied by a factor; {@link Bfloat16} rounds them as well. */
public final class ScaledCopy {

  private ScaledCopy() {}

  /** {@code to[toIndex + i] = alpha * from[at + i]} for {@code count} elements. */
  public static void floats(
      MemorySegment from, long at, float alpha, MemorySegment to, long toIndex, int count) {
    int end = Lanes.bound(count);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, from, 4 * (at + i), Lanes.ORDER)
          .mul(alpha)
          .intoMemorySegment(to, 4 * (toIndex + i), Lanes.ORDER);
    }
    for (; i < count; i++) {
      to.setAtIndex(Tensor.FLOAT, toIndex + i, alpha * from.getAtIndex(Tensor.FLOAT, at + i));
    }
  }
}
