package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one token over a cache, which is read where it lies: packing it, as {@link
 * VectorAttention} does, pays for more queries only. Token by token with all heads inside, because
 * that is how the cache lies in memory, and reading it is what takes the time.
 */
final class VectorCachedAttention {

  /** From so many queries for one key head on, packing pays. */
  static final int MANY = 8;

  private final ThreadLocal<AttentionScratch> scratches =
      ThreadLocal.withInitial(AttentionScratch::new);

  /**
   * One token over {@code count} rows of the cache, for key heads {@code [fromHead, toHead)}.
   *
   * @param firstKey row of the cache where they start
   */
  void forward(
      AttentionShape shape,
      int fromHead,
      int toHead,
      Tensor qkv,
      int row,
      KeyValueRows cache,
      int firstKey,
      int count,
      Tensor out) {
    int size = shape.headSize();
    int group = shape.heads() / shape.keyValueHeads();
    int heads = (toHead - fromHead) * group;
    int stride = shape.keyValueWidth();
    long key = (long) firstKey * stride + (long) fromHead * size;
    long query = (long) row * qkv.columns() + (long) fromHead * group * size;
    long result = (long) row * out.columns() + (long) fromHead * group * size;
    int padded = Lanes.padded(count);
    AttentionScratch s = scratches.get();
    s.cached(heads * padded);
    MemorySegment weights = s.weights;
    MemorySegment keys = cache.keys().memory();
    for (int j = 0; j < count; j++, key += stride) {
      for (int head = 0; head < heads; head++) {
        long at = key + (long) (head / group) * size;
        float score =
            VectorElementwise.dot(qkv.memory(), query + (long) head * size, keys, at, size);
        weights.setAtIndex(Tensor.FLOAT, head * padded + j, shape.scale() * score);
      }
    }
    for (int head = 0; head < heads; head++) {
      Softmax.weights(weights, (long) head * padded, count, s.partial);
    }
    long value = (long) firstKey * stride + (long) fromHead * size;
    out.memory().asSlice(4 * result, 4L * heads * size).fill((byte) 0);
    MemorySegment values = cache.values().memory();
    int j = 0;
    for (; j + 4 <= count; j += 4, value += 4L * stride) {
      for (int head = 0; head < heads; head++) {
        long at = value + (long) (head / group) * size;
        addFour(
            weights,
            head * padded + j,
            values,
            at,
            stride,
            size,
            out.memory(),
            result + (long) head * size);
      }
    }
    for (; j < count; j++, value += stride) {
      for (int head = 0; head < heads; head++) {
        long at = value + (long) (head / group) * size;
        addOne(
            weights.getAtIndex(Tensor.FLOAT, head * padded + j),
            values,
            at,
            size,
            out.memory(),
            result + (long) head * size);
      }
    }
  }

  /**
   * {@code result += sum of weights.getAtIndex(Tensor.FLOAT, w + i) * row i of four rows of
   * values}.
   */
  private static void addFour(
      MemorySegment weights,
      int w,
      MemorySegment values,
      long value,
      int stride,
      int size,
      MemorySegment result,
      long at) {
    FloatVector w0 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w));
    FloatVector w1 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w + 1));
    FloatVector w2 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w + 2));
    FloatVector w3 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w + 3));
    int end = Lanes.bound(size);
    int d = 0;
    for (; d < end; d += Lanes.COUNT) {
      long row = value + d;
      FloatVector sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, values, 4L * row, Lanes.ORDER)
              .fma(
                  w0,
                  FloatVector.fromMemorySegment(Lanes.FLOATS, result, 4L * (at + d), Lanes.ORDER));
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, values, 4L * (row + stride), Lanes.ORDER)
              .fma(w1, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, values, 4L * (row + 2L * stride), Lanes.ORDER)
              .fma(w2, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, values, 4L * (row + 3L * stride), Lanes.ORDER)
              .fma(w3, sum);
      sum.intoMemorySegment(result, 4 * (at + d), Lanes.ORDER);
    }
    for (; d < size; d++) {
      float sum = result.getAtIndex(Tensor.FLOAT, at + d);
      for (int i = 0; i < 4; i++) {
        float element = values.getAtIndex(Tensor.FLOAT, value + (long) i * stride + d);
        sum = Math.fma(element, weights.getAtIndex(Tensor.FLOAT, w + i), sum);
      }
      result.setAtIndex(Tensor.FLOAT, at + d, sum);
    }
  }

  private static void addOne(
      float weight, MemorySegment values, long value, int size, MemorySegment result, long at) {
    FloatVector w = FloatVector.broadcast(Lanes.FLOATS, weight);
    int end = Lanes.bound(size);
    int d = 0;
    for (; d < end; d += Lanes.COUNT) {
      FloatVector sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, values, 4L * (value + d), Lanes.ORDER)
              .fma(
                  w,
                  FloatVector.fromMemorySegment(Lanes.FLOATS, result, 4L * (at + d), Lanes.ORDER));
      sum.intoMemorySegment(result, 4 * (at + d), Lanes.ORDER);
    }
    for (; d < size; d++) {
      float sum = result.getAtIndex(Tensor.FLOAT, at + d);
      float element = values.getAtIndex(Tensor.FLOAT, value + d);
      result.setAtIndex(Tensor.FLOAT, at + d, Math.fma(element, weight, sum));
    }
  }
}
