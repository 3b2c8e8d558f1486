package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.RotaryTable;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Turns the heads of a row by the angles of its position. */
final class VectorRotary {

  private VectorRotary() {}

  static void rotate(RotaryTable table, int position, boolean backward, Tensor x, int row) {
    int half = table.headSize() / 2;
    long angles = (long) position * half;
    for (int head = 0; head < x.columns(); head += table.headSize()) {
      long at = (long) row * x.stride() + head;
      rotate(
          x.memory(),
          at,
          half,
          table.cosines().memory(),
          table.sines().memory(),
          angles,
          backward ? -1f : 1f);
    }
  }

  private static void rotate(
      MemorySegment x,
      long at,
      int half,
      MemorySegment cosines,
      MemorySegment sines,
      long angles,
      float direction) {
    FloatVector sign = FloatVector.broadcast(Lanes.FLOATS, direction);
    int end = Lanes.bound(half);
    int i = 0;
    for (; i < end; i += Lanes.COUNT) {
      FloatVector first =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (at + i), Lanes.ORDER);
      FloatVector second =
          FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (at + half + i), Lanes.ORDER);
      FloatVector cosine =
          FloatVector.fromMemorySegment(Lanes.FLOATS, cosines, 4L * (angles + i), Lanes.ORDER);
      FloatVector sine =
          FloatVector.fromMemorySegment(Lanes.FLOATS, sines, 4L * (angles + i), Lanes.ORDER)
              .mul(sign);
      first.mul(cosine).sub(second.mul(sine)).intoMemorySegment(x, 4 * (at + i), Lanes.ORDER);
      second
          .mul(cosine)
          .add(first.mul(sine))
          .intoMemorySegment(x, 4 * (at + half + i), Lanes.ORDER);
    }
    for (; i < half; i++) {
      float first = x.getAtIndex(Tensor.FLOAT, at + i);
      float second = x.getAtIndex(Tensor.FLOAT, at + half + i);
      float cosine = cosines.getAtIndex(Tensor.FLOAT, angles + i);
      float sine = sines.getAtIndex(Tensor.FLOAT, angles + i) * direction;
      x.setAtIndex(Tensor.FLOAT, at + i, first * cosine - second * sine);
      x.setAtIndex(Tensor.FLOAT, at + half + i, second * cosine + first * sine);
    }
  }
}
