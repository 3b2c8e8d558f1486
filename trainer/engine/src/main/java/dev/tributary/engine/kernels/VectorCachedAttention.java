package dev.tributary.engine.kernels;

import static dev.tributary.engine.kernels.Lanes.load;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of few queries of one key head over a cache, which is read where it lies: packing it,
 * as {@link VectorAttention} does, pays for more queries only.
 */
final class VectorCachedAttention {

  /** From so many queries for one key head on, packing pays. */
  static final int MANY = 8;

  private final ThreadLocal<AttentionScratch> scratches =
      ThreadLocal.withInitial(AttentionScratch::new);

  /**
   * One query over {@code count} rows of the cache.
   *
   * @param firstKey row of the cache where they start
   */
  void forward(
      AttentionShape shape,
      int head,
      Tensor qkv,
      int row,
      KeyValueRows cache,
      int firstKey,
      int count,
      Tensor out) {
    int size = shape.headSize();
    int column = shape.keyValueHead(head) * size;
    AttentionScratch s = scratches.get();
    s.cached(count);
    long key = (long) firstKey * shape.keyValueWidth() + column;
    long query = (long) row * qkv.columns() + head * size;
    scores(
        qkv.memory(),
        query,
        cache.keys().memory(),
        key,
        shape.keyValueWidth(),
        size,
        count,
        shape.scale(),
        s.weights);
    Softmax.weights(s.weights, 0, count, count);
    weightedSum(
        s.weights,
        count,
        cache.values().memory(),
        key,
        shape.keyValueWidth(),
        size,
        out.memory(),
        (long) row * out.columns() + head * size);
  }

  private static void scores(
      MemorySegment queries,
      long query,
      MemorySegment keys,
      long key,
      int stride,
      int size,
      int count,
      float scale,
      float[] scores) {
    for (int j = 0; j < count; j++) {
      long at = key + (long) j * stride;
      scores[j] = scale * VectorElementwise.dot(queries, query, keys, at, size);
    }
  }

  /** {@code result = sum of weights[j] * row j of values}. */
  private static void weightedSum(
      float[] weights,
      int count,
      MemorySegment values,
      long value,
      int stride,
      int size,
      MemorySegment result,
      long at) {
    int end = Lanes.bound(size);
    int d = 0;
    for (; d < end; d += Lanes.COUNT) {
      FloatVector even = Lanes.zero();
      FloatVector odd = Lanes.zero();
      int j = 0;
      for (; j + 1 < count; j += 2) {
        long row = value + (long) j * stride + d;
        even = load(values, row).fma(FloatVector.broadcast(Lanes.FLOATS, weights[j]), even);
        odd =
            load(values, row + stride)
                .fma(FloatVector.broadcast(Lanes.FLOATS, weights[j + 1]), odd);
      }
      if (j < count) {
        long row = value + (long) j * stride + d;
        even = load(values, row).fma(FloatVector.broadcast(Lanes.FLOATS, weights[j]), even);
      }
      even.add(odd).intoMemorySegment(result, 4 * (at + d), Lanes.ORDER);
    }
    for (; d < size; d++) {
      float sum = 0;
      for (int j = 0; j < count; j++) {
        float element = values.getAtIndex(Tensor.FLOAT, value + (long) j * stride + d);
        sum = Math.fma(element, weights[j], sum);
      }
      result.setAtIndex(Tensor.FLOAT, at + d, sum);
    }
  }
}
