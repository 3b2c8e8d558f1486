package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one token over a cache, which is read where it lies: packing it, as {@link
 * VectorAttention} does, pays for more queries only. Token by token with all heads inside, because
 * that is how the cache lies in memory, and reading it is what takes the time.
 */
final class VectorCachedAttention {

  /** From so many queries for one key head on, packing pays. */
  static final int MANY = 8;

  /** Rows of the cache that a head meets at once. */
  private static final int TOGETHER = 4;

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
    long first = (long) firstKey * stride + (long) fromHead * size;
    long query = (long) row * qkv.columns() + (long) fromHead * group * size;
    long result = (long) row * out.columns() + (long) fromHead * group * size;
    int padded = Lanes.padded(count);
    AttentionScratch s = scratches.get();
    s.cached(heads * padded);
    MemorySegment keys = cache.keys().memory();
    scores(s, qkv.memory(), query, keys, first, stride, heads, group, size, count);
    for (int head = 0; head < heads; head++) {
      Pack.multiply(s.weights, head * padded, padded, shape.scale());
      Softmax.weights(s.weights, head * padded, count, s.partial);
    }
    out.memory().asSlice(4 * result, 4L * heads * size).fill((byte) 0);
    MemorySegment values = cache.values().memory();
    sums(s.weights, values, first, stride, out.memory(), result, heads, group, size, count);
  }

  /** The products of each head's query with all keys, a row of them for each head. */
  private static void scores(
      AttentionScratch s,
      MemorySegment queries,
      long query,
      MemorySegment keys,
      long first,
      int stride,
      int heads,
      int group,
      int size,
      int count) {
    int padded = Lanes.padded(count);
    long x = NativeMemory.address(queries, query, (long) heads * size);
    int width = heads / group * size;
    long key = NativeMemory.address(keys, first, (long) (count - 1) * stride + width);
    int j = 0;
    for (; j + TOGETHER <= count; j += TOGETHER, key += 4L * TOGETHER * stride) {
      for (int head = 0; head < heads; ) {
        long at = key + 4L * (head / group) * size;
        for (int end = head + group; head < end; head++) {
          fourScores(x + 4L * head * size, at, 4L * stride, size, s.partial);
          for (int i = 0; i < TOGETHER; i++) {
            float sum = Lanes.sum(s.partial, i * Lanes.COUNT);
            s.weights.setAtIndex(Tensor.FLOAT, head * padded + j + i, sum);
          }
        }
      }
    }
    for (; j < count; j++) {
      for (int head = 0; head < heads; head++) {
        long at = first + (long) j * stride + (long) (head / group) * size;
        float sum = VectorElementwise.dot(queries, query + (long) head * size, keys, at, size);
        s.weights.setAtIndex(Tensor.FLOAT, head * padded + j, sum);
      }
    }
    Reference.reachabilityFence(queries);
    Reference.reachabilityFence(keys);
  }

  /** The products of a query with four keys, as vectors of which the lanes are to be added up. */
  private static void fourScores(long x, long key, long step, int size, MemorySegment partial) {
    FloatVector s0 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s1 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s2 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s3 = FloatVector.zero(Lanes.FLOATS);
    long key1 = key + step;
    long key2 = key1 + step;
    long key3 = key2 + step;
    int bytes = 4 * Lanes.bound(size);
    for (int d = 0; d < bytes; d += 4 * Lanes.COUNT) {
      FloatVector q =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, x + d, Lanes.ORDER);
      s0 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, key + d, Lanes.ORDER)
              .fma(q, s0);
      s1 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, key1 + d, Lanes.ORDER)
              .fma(q, s1);
      s2 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, key2 + d, Lanes.ORDER)
              .fma(q, s2);
      s3 =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, key3 + d, Lanes.ORDER)
              .fma(q, s3);
    }
    s0.intoMemorySegment(partial, 0, Lanes.ORDER);
    s1.intoMemorySegment(partial, 4L * Lanes.COUNT, Lanes.ORDER);
    s2.intoMemorySegment(partial, 8L * Lanes.COUNT, Lanes.ORDER);
    s3.intoMemorySegment(partial, 12L * Lanes.COUNT, Lanes.ORDER);
    if (bytes < 4 * size) {
      addRest(x, key, step, bytes, 4 * size, partial);
    }
  }

  /** Adds what is left of four products behind the last whole vector to their first lanes. */
  private static void addRest(
      long x, long key, long step, int from, int to, MemorySegment partial) {
    for (int i = 0; i < TOGETHER; i++) {
      float sum = partial.getAtIndex(Tensor.FLOAT, i * Lanes.COUNT);
      for (int d = from; d < to; d += 4) {
        float q = NativeMemory.ALL.get(Tensor.FLOAT, x + d);
        sum = Math.fma(q, NativeMemory.ALL.get(Tensor.FLOAT, key + i * step + d), sum);
      }
      partial.setAtIndex(Tensor.FLOAT, i * Lanes.COUNT, sum);
    }
  }

  /** {@code result += weights values} for each head. */
  private static void sums(
      MemorySegment weights,
      MemorySegment values,
      long first,
      int stride,
      MemorySegment out,
      long result,
      int heads,
      int group,
      int size,
      int count) {
    int padded = Lanes.padded(count);
    int width = heads / group * size;
    long value = NativeMemory.address(values, first, (long) (count - 1) * stride + width);
    long y = NativeMemory.address(out, result, (long) heads * size);
    int j = 0;
    for (; j + TOGETHER <= count; j += TOGETHER, value += 4L * TOGETHER * stride) {
      for (int head = 0; head < heads; ) {
        long at = value + 4L * (head / group) * size;
        for (int end = head + group; head < end; head++) {
          addFour(weights, head * padded + j, at, 4L * stride, size, y + 4L * head * size);
        }
      }
    }
    for (; j < count; j++) {
      for (int head = 0; head < heads; head++) {
        long at = first + (long) j * stride + (long) (head / group) * size;
        float weight = weights.getAtIndex(Tensor.FLOAT, head * padded + j);
        addOne(weight, values, at, size, out, result + (long) head * size);
      }
    }
    Reference.reachabilityFence(values);
    Reference.reachabilityFence(out);
  }

  /** {@code result += sum of weights.getAtIndex(FLOAT, w + i) * row i of four rows of values}. */
  private static void addFour(
      MemorySegment weights, int w, long value, long step, int size, long result) {
    FloatVector w0 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w));
    FloatVector w1 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w + 1));
    FloatVector w2 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w + 2));
    FloatVector w3 = FloatVector.broadcast(Lanes.FLOATS, weights.getAtIndex(Tensor.FLOAT, w + 3));
    long value1 = value + step;
    long value2 = value1 + step;
    long value3 = value2 + step;
    int bytes = 4 * Lanes.bound(size);
    int d = 0;
    for (; d < bytes; d += 4 * Lanes.COUNT) {
      FloatVector sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, result + d, Lanes.ORDER);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, value + d, Lanes.ORDER)
              .fma(w0, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, value1 + d, Lanes.ORDER)
              .fma(w1, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, value2 + d, Lanes.ORDER)
              .fma(w2, sum);
      sum =
          FloatVector.fromMemorySegment(Lanes.FLOATS, NativeMemory.ALL, value3 + d, Lanes.ORDER)
              .fma(w3, sum);
      sum.intoMemorySegment(NativeMemory.ALL, result + d, Lanes.ORDER);
    }
    for (; d < 4 * size; d += 4) {
      float sum = NativeMemory.ALL.get(Tensor.FLOAT, result + d);
      for (int i = 0; i < TOGETHER; i++) {
        float element = NativeMemory.ALL.get(Tensor.FLOAT, value + i * step + d);
        sum = Math.fma(element, weights.getAtIndex(Tensor.FLOAT, w + i), sum);
      }
      NativeMemory.ALL.set(Tensor.FLOAT, result + d, sum);
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
