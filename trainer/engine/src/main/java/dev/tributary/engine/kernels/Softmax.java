package dev.tributary.engine.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention's weights of one query, from its scores, on heap arrays that may be read and written up
 * to the next whole vector.
 */
final class Softmax {

  private Softmax() {}

  /**
   * Turns scores into weights in place.
   *
   * @param count of scores; what stands behind them, up to end, becomes zero
   * @return the logarithm of the sum of the scores' exponentials
   */
  static float weights(float[] scores, int at, int count, int end) {
    float max = max(scores, at, count);
    float sum = exponentials(scores, at, count, end, max);
    scale(scores, at, count, 1 / sum);
    return (float) (max + Math.log(sum));
  }

  /**
   * Turns scores into weights and gradients by weights into gradients by scores, in place.
   *
   * @param count of scores; what stands behind them, up to end, becomes zero
   * @param mean of the gradients, by the weights
   */
  static void gradient(
      float[] scores, float[] gradients, int at, int count, int end, float logSumExp, float mean) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, logSumExp);
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    for (int j = at; j < at + count; j += Lanes.COUNT) {
      FloatVector score = FloatVector.fromArray(Lanes.FLOATS, scores, j);
      FloatVector weight = Lanes.exp(score.sub(shift));
      FloatVector gradient = FloatVector.fromArray(Lanes.FLOATS, gradients, j);
      weight.mul(gradient.sub(vMean)).intoArray(gradients, j);
      weight.intoArray(scores, j);
    }
    for (int j = at + count; j < at + end; j++) {
      scores[j] = 0;
      gradients[j] = 0;
    }
  }

  private static float max(float[] scores, int at, int count) {
    FloatVector largest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
    int whole = Lanes.bound(count);
    for (int j = 0; j < whole; j += Lanes.COUNT) {
      largest = largest.max(FloatVector.fromArray(Lanes.FLOATS, scores, at + j));
    }
    float max = largest.reduceLanes(VectorOperators.MAX);
    for (int j = whole; j < count; j++) {
      max = Math.max(max, scores[at + j]);
    }
    return max;
  }

  /** Replaces scores by their exponentials; gives the sum. */
  private static float exponentials(float[] scores, int at, int count, int end, float max) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, max);
    for (int j = at; j < at + count; j += Lanes.COUNT) {
      Lanes.exp(FloatVector.fromArray(Lanes.FLOATS, scores, j).sub(shift)).intoArray(scores, j);
    }
    int padded = Math.max(end, Lanes.padded(count));
    for (int j = at + count; j < at + padded; j++) {
      scores[j] = 0;
    }
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    for (int j = at; j < at + count; j += Lanes.COUNT) {
      sums = sums.add(FloatVector.fromArray(Lanes.FLOATS, scores, j));
    }
    return Lanes.sum(sums);
  }

  private static void scale(float[] values, int at, int count, float factor) {
    FloatVector factors = FloatVector.broadcast(Lanes.FLOATS, factor);
    for (int j = at; j < at + count; j += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.FLOATS, values, j).mul(factors).intoArray(values, j);
    }
  }
}
