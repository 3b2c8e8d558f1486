package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Causal attention of one head of one sequence. Keys and values are first copied next to each
 * other; scores are then computed for a vector of keys at once. The weights of a row are never
 * kept: the backward pass builds them again from the row's log-sum-exp (<a
 * href="https://arxiv.org/abs/2205.14135">Dao et al. 2022</a>).
 */
final class VectorAttention {

  private final ThreadLocal<AttentionScratch> scratches =
      ThreadLocal.withInitial(AttentionScratch::new);

  /** Rows {@code [start, start + n)} of one head. */
  void forward(Tensor qkv, int heads, int head, int start, int n, Tensor logSumExp, Tensor out) {
    int width = qkv.columns() / 3;
    int size = width / heads;
    int paddedHead = Lanes.padded(size);
    int stride = Lanes.padded(n);
    AttentionScratch s = scratches.get();
    s.forward(n, size);
    packTransposed(qkv, start, n, width + head * size, size, s.keyTransposed, stride);
    pack(qkv, start, n, 2 * width + head * size, size, s.value, paddedHead);
    for (int i = 0; i < n; i++) {
      packRow(qkv, start + i, head * size, size, s.row, 0);
      float scale = (float) (1 / Math.sqrt(size));
      products(s.row, 0, scale, s.keyTransposed, stride, size, i + 1, s.weights);
      double lse = softmax(s.weights, i + 1);
      logSumExp.set(start + i, head, (float) lse);
      weightedSum(s.weights, i + 1, s.value, paddedHead, s.row);
      copyOut(s.row, 0, out, start + i, head * size, size);
    }
  }

  /** The gradient of {@link #forward}; overwrites this head's part of dQkv. */
  void backward(
      Tensor qkv,
      int heads,
      int head,
      int start,
      int n,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv) {
    int width = qkv.columns() / 3;
    int size = width / heads;
    int paddedHead = Lanes.padded(size);
    int stride = Lanes.padded(n);
    float scale = (float) (1 / Math.sqrt(size));
    AttentionScratch s = scratches.get();
    s.backward(n, size);
    pack(qkv, start, n, head * size, size, s.query, paddedHead);
    pack(qkv, start, n, width + head * size, size, s.key, paddedHead);
    packTransposed(qkv, start, n, width + head * size, size, s.keyTransposed, stride);
    packTransposed(qkv, start, n, 2 * width + head * size, size, s.valueTransposed, stride);
    pack(dOut, start, n, head * size, size, s.dOut, paddedHead);
    Arrays.fill(s.dKey, 0, n * paddedHead, 0);
    Arrays.fill(s.dValue, 0, n * paddedHead, 0);
    for (int i = 0; i < n; i++) {
      int at = i * paddedHead;
      products(s.query, at, scale, s.keyTransposed, stride, size, i + 1, s.weights);
      products(s.dOut, at, 1, s.valueTransposed, stride, size, i + 1, s.dScores);
      float mean = rowProduct(dOut, out, start + i, head * size, size);
      scoreGradient(s.weights, s.dScores, logSumExp.get(start + i, head), mean, scale, i + 1);
      spread(s, i, paddedHead);
      copyOut(s.row, 0, dQkv, start + i, head * size, size);
    }
    for (int i = 0; i < n; i++) {
      copyOut(s.dKey, i * paddedHead, dQkv, start + i, width + head * size, size);
      copyOut(s.dValue, i * paddedHead, dQkv, start + i, 2 * width + head * size, size);
    }
  }

  /** One query over the first {@code length} rows of the cache. */
  void cached(
      Tensor qkv,
      int row,
      int heads,
      int head,
      int length,
      Tensor keys,
      Tensor values,
      Tensor out) {
    int width = out.columns();
    int size = width / heads;
    AttentionScratch s = scratches.get();
    s.forward(length, size);
    float scale = (float) (1 / Math.sqrt(size));
    long query = (long) row * qkv.columns() + head * size;
    for (int j = 0; j < length; j++) {
      long key = (long) j * width + head * size;
      s.weights[j] = scale * dot(qkv.memory(), query, keys.memory(), key, size);
    }
    softmax(s.weights, length);
    long target = (long) row * width + head * size;
    int end = Lanes.bound(size);
    int d = 0;
    for (; d < end; d += Lanes.COUNT) {
      FloatVector sum = Lanes.zero();
      for (int j = 0; j < length; j++) {
        FloatVector value = Lanes.load(values.memory(), (long) j * width + head * size + d);
        sum = value.fma(FloatVector.broadcast(Lanes.FLOATS, s.weights[j]), sum);
      }
      Lanes.store(sum, out.memory(), target + d);
    }
    for (; d < size; d++) {
      float sum = 0;
      for (int j = 0; j < length; j++) {
        sum = Math.fma(values.get(j, head * size + d), s.weights[j], sum);
      }
      out.set(target + d, sum);
    }
  }

  /** {@code result[j] = scale * left · column j of right}, for j up to count, padded. */
  private static void products(
      float[] left,
      int leftAt,
      float scale,
      float[] right,
      int stride,
      int size,
      int count,
      float[] result) {
    for (int j = 0; j < count; j += Lanes.COUNT) {
      FloatVector sum = Lanes.zero();
      for (int d = 0; d < size; d++) {
        FloatVector column = FloatVector.fromArray(Lanes.FLOATS, right, d * stride + j);
        sum = column.fma(FloatVector.broadcast(Lanes.FLOATS, left[leftAt + d]), sum);
      }
      sum.mul(scale).intoArray(result, j);
    }
  }

  /** Turns scores into weights in place, zero behind count; gives the log-sum-exp. */
  private static double softmax(float[] scores, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      max = Math.max(max, scores[j]);
    }
    float sum = exponentials(scores, count, max);
    scale(scores, count, 1 / sum);
    return max + Math.log(sum);
  }

  /** Replaces scores by their exponentials, zero behind count; gives the sum. */
  private static float exponentials(float[] scores, int count, float max) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, max);
    FloatVector sums = Lanes.zero();
    for (int j = 0; j < count; j += Lanes.COUNT) {
      FloatVector weight = Lanes.exp(FloatVector.fromArray(Lanes.FLOATS, scores, j).sub(shift));
      VectorMask<Float> inside = Lanes.FLOATS.indexInRange(j, count);
      weight = FloatVector.zero(Lanes.FLOATS).blend(weight, inside);
      weight.intoArray(scores, j);
      sums = sums.add(weight);
    }
    return Lanes.sum(sums);
  }

  private static void scale(float[] values, int count, float factor) {
    for (int j = 0; j < count; j += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.FLOATS, values, j).mul(factor).intoArray(values, j);
    }
  }

  /** {@code result = sum of weights[j] * row j of values}. */
  private static void weightedSum(
      float[] weights, int count, float[] values, int paddedHead, float[] result) {
    for (int d = 0; d < paddedHead; d += Lanes.COUNT) {
      FloatVector even = Lanes.zero();
      FloatVector odd = Lanes.zero();
      int j = 0;
      for (; j + 1 < count; j += 2) {
        int at = j * paddedHead + d;
        even =
            FloatVector.fromArray(Lanes.FLOATS, values, at)
                .fma(FloatVector.broadcast(Lanes.FLOATS, weights[j]), even);
        odd =
            FloatVector.fromArray(Lanes.FLOATS, values, at + paddedHead)
                .fma(FloatVector.broadcast(Lanes.FLOATS, weights[j + 1]), odd);
      }
      if (j < count) {
        even =
            FloatVector.fromArray(Lanes.FLOATS, values, j * paddedHead + d)
                .fma(FloatVector.broadcast(Lanes.FLOATS, weights[j]), even);
      }
      even.add(odd).intoArray(result, d);
    }
  }

  /** Scores become weights, and gradients by weights become gradients by scores. */
  private static void scoreGradient(
      float[] weights, float[] gradients, float logSumExp, float mean, float scale, int count) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, logSumExp);
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, scale);
    for (int j = 0; j < count; j += Lanes.COUNT) {
      FloatVector score = FloatVector.fromArray(Lanes.FLOATS, weights, j);
      FloatVector weight = Lanes.exp(score.sub(shift));
      FloatVector gradient = FloatVector.fromArray(Lanes.FLOATS, gradients, j);
      weight.mul(gradient.sub(vMean)).mul(factor).intoArray(gradients, j);
      weight.intoArray(weights, j);
    }
  }

  /** Row i's share of the gradients of keys and values, and all of its query's, into row. */
  private static void spread(AttentionScratch s, int i, int paddedHead) {
    for (int d = 0; d < paddedHead; d += Lanes.COUNT) {
      FloatVector query = FloatVector.fromArray(Lanes.FLOATS, s.query, i * paddedHead + d);
      FloatVector dOut = FloatVector.fromArray(Lanes.FLOATS, s.dOut, i * paddedHead + d);
      FloatVector dQuery = Lanes.zero();
      for (int j = 0; j <= i; j++) {
        int at = j * paddedHead + d;
        FloatVector dScore = FloatVector.broadcast(Lanes.FLOATS, s.dScores[j]);
        dQuery = FloatVector.fromArray(Lanes.FLOATS, s.key, at).fma(dScore, dQuery);
        query.fma(dScore, FloatVector.fromArray(Lanes.FLOATS, s.dKey, at)).intoArray(s.dKey, at);
        dOut.fma(
                FloatVector.broadcast(Lanes.FLOATS, s.weights[j]),
                FloatVector.fromArray(Lanes.FLOATS, s.dValue, at))
            .intoArray(s.dValue, at);
      }
      dQuery.intoArray(s.row, d);
    }
  }

  private static float rowProduct(Tensor a, Tensor b, int row, int column, int size) {
    long at = (long) row * a.columns() + column;
    return dot(a.memory(), at, b.memory(), at, size);
  }

  private static float dot(MemorySegment a, long aAt, MemorySegment b, long bAt, int size) {
    FloatVector sums = Lanes.zero();
    int end = Lanes.bound(size);
    int d = 0;
    for (; d < end; d += Lanes.COUNT) {
      sums = Lanes.load(a, aAt + d).fma(Lanes.load(b, bAt + d), sums);
    }
    float sum = Lanes.sum(sums);
    for (; d < size; d++) {
      sum = Math.fma(a.getAtIndex(Tensor.FLOAT, aAt + d), b.getAtIndex(Tensor.FLOAT, bAt + d), sum);
    }
    return sum;
  }

  private static void pack(
      Tensor from, int start, int n, int column, int size, float[] to, int paddedHead) {
    for (int i = 0; i < n; i++) {
      packRow(from, start + i, column, size, to, i * paddedHead);
      Arrays.fill(to, i * paddedHead + size, (i + 1) * paddedHead, 0);
    }
  }

  private static void packRow(Tensor from, int row, int column, int size, float[] to, int at) {
    long offset = 4 * ((long) row * from.columns() + column);
    MemorySegment.copy(from.memory(), Tensor.FLOAT, offset, to, at, size);
  }

  private static void packTransposed(
      Tensor from, int start, int n, int column, int size, float[] to, int stride) {
    for (int j = 0; j < n; j++) {
      long at = (long) (start + j) * from.columns() + column;
      for (int d = 0; d < size; d++) {
        to[d * stride + j] = from.get(at + d);
      }
    }
    // The padding takes part in products whose results are thrown away; it must only be finite.
    for (int d = 0; d < size; d++) {
      Arrays.fill(to, d * stride + n, (d + 1) * stride, 0);
    }
  }

  private static void copyOut(float[] from, int at, Tensor to, int row, int column, int size) {
    long offset = 4 * ((long) row * to.columns() + column);
    MemorySegment.copy(from, at, to.memory(), Tensor.FLOAT, offset, size);
  }
}
