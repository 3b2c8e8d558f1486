package dev.tributary.engine.generate;

import dev.tributary.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The fewest likeliest tokens that together reach a share of all probability (<a
 * href="https://arxiv.org/abs/1904.09751">Holtzman et al. 2020</a>), found without sorting the
 * vocabulary: weights are summed by magnitude, eight steps an octave, and only the step in which
 * the share is reached is sorted. Of equal weights the lower token comes first. For one thread.
 */
final class Nucleus {

  /** A positive float's bits order like its value; without the last 20, eight steps an octave. */
  private static final int STEP_BITS = 20;

  private static final int TOP_STEP = step(1f);

  private final double[] sums = new double[TOP_STEP + 1];
  private final long[] boundary;
  private double sum;
  private float leastWeight;
  private int lastOfLeast;

  Nucleus(int vocabularySize) {
    boundary = new long[vocabularySize];
  }

  /**
   * Finds the nucleus.
   *
   * @param weights {@code [1, vocabulary]}, unnormalised probabilities, above 0 and up to 1
   * @param share above 0, up to 1
   */
  void select(Tensor weights, double share) {
    double total = sumByStep(weights);
    if (share == 1) {
      sum = total;
      leastWeight = 0;
      return;
    }
    double wanted = share * total;
    double above = 0;
    int step = TOP_STEP;
    while (step > 0 && above + sums[step] < wanted) {
      above += sums[step--];
    }
    selectWithin(step, weights, above, wanted);
  }

  /** The sum of the weights of the nucleus. */
  double sum() {
    return sum;
  }

  /** Whether a token of this weight belongs to it. */
  boolean contains(int token, float weight) {
    return weight > leastWeight || (weight == leastWeight && token <= lastOfLeast);
  }

  private double sumByStep(Tensor weights) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < weights.columns(); i++) {
      float weight = weights.get(i);
      sums[step(weight)] += weight;
    }
    double total = 0;
    for (double ofStep : sums) {
      total += ofStep;
    }
    return total;
  }

  /** Takes the likeliest of one step until the sum is reached. */
  private void selectWithin(int step, Tensor weights, double above, double wanted) {
    int count = 0;
    for (int i = 0; i < weights.columns(); i++) {
      float weight = weights.get(i);
      if (step(weight) == step) {
        // Falling weight, then rising token, as one number.
        long falling = Integer.MAX_VALUE - Float.floatToRawIntBits(weight);
        boundary[count++] = falling << 32 | i;
      }
    }
    Arrays.sort(boundary, 0, count);
    sum = above;
    int taken = 0;
    do {
      lastOfLeast = (int) boundary[taken++];
      leastWeight = weights.get(lastOfLeast);
      sum += leastWeight;
    } while (taken < count && sum < wanted);
  }

  private static int step(float weight) {
    return Float.floatToRawIntBits(weight) >>> STEP_BITS;
  }
}
