package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention's weights from its scores, in place, on memory that may be read and written up to the
 * next whole vector. What a query does not see is masked rather than left to another loop, so that
 * there is one loop a row.
 */
final class Softmax {

  private static final FloatVector LANE = FloatVector.zero(Lanes.FLOATS).addIndex(1);
  private static final FloatVector NONE =
      FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
  private static final FloatVector ZERO = FloatVector.zero(Lanes.FLOATS);

  private Softmax() {}

  /**
   * Turns scores into weights.
   *
   * @param count of scores; what stands behind them, up to the next whole vector, becomes zero
   */
  static void weights(MemorySegment scores, long at, int count, MemorySegment partial) {
    maximum(scores, at, count, count, partial, 0);
    float max = largest(partial, 0);
    exponentials(scores, at, count, count, max, partial, 0);
    scale(scores, at, count, 1 / Lanes.sum(partial, 0));
  }

  /**
   * Turns the scores of a tile's rows into their exponentials, which divided by their sum are the
   * weights.
   *
   * @param stride from one row to the next
   * @param count of scores of the first row
   * @param more scores each further row has than the one before
   * @param columns to be written in all rows; those behind a row's scores become zero
   * @param results receives the logarithm of the sum of each row's exponentials, then the
   *     reciprocals of the sums of what is left in the rows
   * @param partial room for a vector for each row
   */
  static void tile(
      MemorySegment scores,
      long at,
      int stride,
      int count,
      int more,
      int columns,
      MemorySegment results,
      MemorySegment partial) {
    for (int row = 0; row < Tiles.ROWS; row++) {
      long first = at + (long) row * stride;
      maximum(scores, first, count + row * more, columns, partial, row * Lanes.COUNT);
    }
    for (int row = 0; row < Tiles.ROWS; row++) {
      float max = largest(partial, row * Lanes.COUNT);
      results.setAtIndex(Tensor.FLOAT, row, max);
    }
    for (int row = 0; row < Tiles.ROWS; row++) {
      float max = results.getAtIndex(Tensor.FLOAT, row);
      long first = at + (long) row * stride;
      exponentials(scores, first, count + row * more, columns, max, partial, row * Lanes.COUNT);
    }
    for (int row = 0; row < Tiles.ROWS; row++) {
      float sum = Lanes.sum(partial, row * Lanes.COUNT);
      float max = results.getAtIndex(Tensor.FLOAT, row);
      results.setAtIndex(Tensor.FLOAT, row, (float) (max + Math.log(sum)));
      results.setAtIndex(Tensor.FLOAT, Tiles.ROWS + row, 1 / sum);
    }
  }

  /**
   * Turns scores into weights and gradients by weights into gradients by scores.
   *
   * @param count of scores; what stands behind them, up to end, becomes zero
   * @param end a multiple of the vector length
   * @param mean of the gradients, by the weights
   */
  static void gradient(
      MemorySegment scores,
      MemorySegment gradients,
      long at,
      int count,
      int end,
      float logSumExp,
      float mean) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, logSumExp);
    FloatVector vMean = FloatVector.broadcast(Lanes.FLOATS, mean);
    for (int j = 0; j < end; j += Lanes.COUNT) {
      FloatVector score =
          FloatVector.fromMemorySegment(Lanes.FLOATS, scores, 4L * (at + j), Lanes.ORDER);
      FloatVector weight = Lanes.exp(score.sub(shift));
      FloatVector gradient =
          FloatVector.fromMemorySegment(Lanes.FLOATS, gradients, 4L * (at + j), Lanes.ORDER);
      var seen = LANE.compare(VectorOperators.LT, (float) (count - j));
      ZERO.blend(weight.mul(gradient.sub(vMean)), seen)
          .intoMemorySegment(gradients, 4 * (at + j), Lanes.ORDER);
      ZERO.blend(weight, seen).intoMemorySegment(scores, 4 * (at + j), Lanes.ORDER);
    }
  }

  /** The largest scores in each lane; a score that is no number is left to the exponentials. */
  private static void maximum(
      MemorySegment scores, long at, int count, int end, MemorySegment partial, long result) {
    FloatVector largest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
    for (int j = 0; j < end; j += Lanes.COUNT) {
      FloatVector score =
          FloatVector.fromMemorySegment(Lanes.FLOATS, scores, 4L * (at + j), Lanes.ORDER);
      score = NONE.blend(score, LANE.compare(VectorOperators.LT, (float) (count - j)));
      largest = largest.blend(score, score.compare(VectorOperators.GT, largest));
    }
    largest.intoMemorySegment(partial, 4 * result, Lanes.ORDER);
  }

  private static float largest(MemorySegment partial, long at) {
    return FloatVector.fromMemorySegment(Lanes.FLOATS, partial, 4L * at, Lanes.ORDER)
        .reduceLanes(VectorOperators.MAX);
  }

  /** Replaces scores by their exponentials, and gives the sums of each lane. */
  private static void exponentials(
      MemorySegment scores,
      long at,
      int count,
      int end,
      float max,
      MemorySegment partial,
      long result) {
    FloatVector shift = FloatVector.broadcast(Lanes.FLOATS, max);
    FloatVector sums = FloatVector.zero(Lanes.FLOATS);
    for (int j = 0; j < end; j += Lanes.COUNT) {
      FloatVector weight =
          Lanes.exp(
              FloatVector.fromMemorySegment(Lanes.FLOATS, scores, 4L * (at + j), Lanes.ORDER)
                  .sub(shift));
      weight = ZERO.blend(weight, LANE.compare(VectorOperators.LT, (float) (count - j)));
      sums = sums.add(weight);
      weight.intoMemorySegment(scores, 4 * (at + j), Lanes.ORDER);
    }
    sums.intoMemorySegment(partial, 4 * result, Lanes.ORDER);
  }

  private static void scale(MemorySegment values, long at, int count, float factor) {
    FloatVector factors = FloatVector.broadcast(Lanes.FLOATS, factor);
    for (int j = 0; j < count; j += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, values, 4L * (at + j), Lanes.ORDER)
          .mul(factors)
          .intoMemorySegment(values, 4 * (at + j), Lanes.ORDER);
    }
  }
}
