package dev.tributary.engine.generate;

import dev.tributary.engine.kernels.vector.LogitRow;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.SplittableRandom;

/**
 * Chooses a text's tokens from logits: the likeliest, or a draw at a temperature from the {@link
 * Nucleus}. For one text.
 */
final class Sampler {

  /**
   * Memory of a draw; the samplers of one thread share it.
   *
   * @param weights {@code [1, vocabulary]}
   */
  record Scratch(Tensor weights, Nucleus nucleus) {

    static Scratch plan(TensorArena arena, int vocabularySize) {
      return new Scratch(arena.vector(vocabularySize), new Nucleus(vocabularySize));
    }
  }

  private final GenerationOptions options;
  private final Scratch scratch;
  private final SplittableRandom random;

  Sampler(GenerationOptions options, Scratch scratch) {
    this.options = options;
    this.scratch = scratch;
    this.random = new SplittableRandom(options.seed());
  }

  /**
   * @param logits {@code [n, vocabulary]}
   * @throws BrokenLogitsException if the logits are not finite
   */
  int next(Tensor logits, int row) {
    float max = LogitRow.max(logits, row);
    if (!Float.isFinite(max)) {
      throw new BrokenLogitsException(max);
    }
    if (options.temperature() == 0) {
      return LogitRow.firstOf(max, logits, row);
    }
    float scale = (float) Math.min(Float.MAX_VALUE, 1 / options.temperature());
    LogitRow.weigh(logits, row, max, scale, scratch.weights());
    scratch.nucleus().select(scratch.weights(), options.topP());
    return draw(scratch.weights(), scratch.nucleus());
  }

  private int draw(Tensor weights, Nucleus nucleus) {
    double left = random.nextDouble() * nucleus.sum();
    int last = 0;
    for (int token = 0; token < weights.columns(); token++) {
      float weight = weights.get(token);
      if (nucleus.contains(token, weight)) {
        last = token;
        left -= weight;
        if (left < 0) {
          return token;
        }
      }
    }
    return last;
  }
}
