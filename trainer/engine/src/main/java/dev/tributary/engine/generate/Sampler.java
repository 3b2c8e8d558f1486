package dev.tributary.engine.generate;

import dev.tributary.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses a token from logits: the likeliest, or a draw at a temperature from the nucleus (<a
 * href="https://arxiv.org/abs/1904.09751">Holtzman et al. 2020</a>). For one thread and one text.
 */
final class Sampler {

  private final GenerationOptions options;
  private final SplittableRandom random;
  private final double[] probabilities;
  private final long[] order;

  Sampler(GenerationOptions options, int vocabularySize) {
    this.options = options;
    this.random = new SplittableRandom(options.seed());
    this.probabilities = new double[vocabularySize];
    this.order = new long[vocabularySize];
  }

  /**
   * @param logits {@code [1, vocabulary]}
   */
  int next(Tensor logits) {
    int likeliest = likeliest(logits);
    if (options.temperature() == 0) {
      return likeliest;
    }
    double total = weigh(logits, logits.get(likeliest));
    return options.topP() < 1 ? drawFromNucleus(total) : draw(total);
  }

  /** The first of the largest logits, as {@code argmax} breaks ties. */
  private static int likeliest(Tensor logits) {
    int best = 0;
    for (int i = 1; i < logits.columns(); i++) {
      if (logits.get(i) > logits.get(best)) {
        best = i;
      }
    }
    return best;
  }

  /** Fills the unnormalised probabilities; gives their sum. */
  private double weigh(Tensor logits, float max) {
    double total = 0;
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = Math.exp((logits.get(i) - max) / options.temperature());
      total += probabilities[i];
    }
    return total;
  }

  private int draw(double total) {
    double left = random.nextDouble() * total;
    int last = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        last = i;
        left -= probabilities[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }

  private int drawFromNucleus(double total) {
    // Sorts (probability, index) as one long: a non-negative float's bits order like its value, and
    // at equal probability the lower index comes first.
    for (int i = 0; i < order.length; i++) {
      int bits = Float.floatToRawIntBits((float) probabilities[i]);
      order[i] = ((long) (Integer.MAX_VALUE - bits) << 32) | i;
    }
    Arrays.sort(order);
    double nucleus = 0;
    int size = 0;
    while (size < order.length && nucleus < options.topP() * total) {
      nucleus += probabilities[(int) order[size++]];
    }
    double left = random.nextDouble() * nucleus;
    for (int i = 0; i < size - 1; i++) {
      left -= probabilities[(int) order[i]];
      if (left < 0) {
        return (int) order[i];
      }
    }
    return (int) order[size - 1];
  }
}
