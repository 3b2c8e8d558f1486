package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;

/**
 * Cosines and sines of the angles by which each position turns the pairs of a head (<a
 * href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>). Element {@code i} of a head is
 * paired with {@code i + headSize / 2}, as Hugging Face's Llama has it.
 *
 * @param cosines {@code [context, headSize / 2]}
 * @param sines {@code [context, headSize / 2]}
 */
public record RotaryTable(Tensor cosines, Tensor sines) {

  /**
   * @param frequencies angle by which each pair turns from one position to the next, in radians
   */
  public static RotaryTable of(double[] frequencies, int contextLength) {
    TensorArena arena = TensorArena.shared();
    Tensor cosines = arena.tensor(contextLength, frequencies.length);
    Tensor sines = arena.tensor(contextLength, frequencies.length);
    for (int position = 0; position < contextLength; position++) {
      for (int pair = 0; pair < frequencies.length; pair++) {
        double angle = position * frequencies[pair];
        cosines.set(position, pair, (float) Math.cos(angle));
        sines.set(position, pair, (float) Math.sin(angle));
      }
    }
    return new RotaryTable(cosines, sines);
  }

  /** Positions the table knows. */
  public int contextLength() {
    return cosines.rows();
  }

  public int headSize() {
    return 2 * cosines.columns();
  }
}
