package dev.tributary.engine.model;

import dev.tributary.foundation.error.ConfigException;
import java.util.Optional;

/**
 * How fast each pair of a head turns with the position (<a
 * href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>).
 *
 * @param theta base of the frequencies ({@code rope_theta})
 * @param linearFactor positions are divided by it ({@code rope_type: linear}); 1 for none
 * @param llama3 Llama 3.1's stretching of the slow frequencies, if any
 */
public record Rotary(double theta, double linearFactor, Optional<Llama3> llama3) {

  /**
   * {@code rope_type: llama3}: frequencies whose wave is longer than {@code
   * originalContext/lowFrequencyFactor} are divided by the factor, those shorter than {@code
   * originalContext/highFrequencyFactor} stay, in between both are mixed.
   */
  public record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext) {

    double scaled(double frequency) {
      double wavelength = 2 * Math.PI / frequency;
      double low = originalContext / lowFrequencyFactor;
      double high = originalContext / highFrequencyFactor;
      if (wavelength > low) {
        return frequency / factor;
      }
      if (wavelength < high) {
        return frequency;
      }
      double smooth =
          (originalContext / wavelength - lowFrequencyFactor)
              / (highFrequencyFactor - lowFrequencyFactor);
      return (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }

  public Rotary {
    if (!(theta > 0) || !Double.isFinite(theta)) {
      throw ConfigException.of("rope_theta", theta, "use a positive number");
    }
    if (!(linearFactor > 0) || !Double.isFinite(linearFactor)) {
      throw ConfigException.of("rope_scaling.factor", linearFactor, "use a positive number");
    }
  }

  /** Without scaling. */
  public static Rotary of(double theta) {
    return new Rotary(theta, 1, Optional.empty());
  }

  /** Radians from one position to the next, for each pair of a head. */
  public double[] frequencies(int headSize) {
    double[] frequencies = new double[headSize / 2];
    for (int pair = 0; pair < frequencies.length; pair++) {
      double frequency = Math.pow(theta, -2.0 * pair / headSize) / linearFactor;
      frequencies[pair] = llama3.map(l -> l.scaled(frequency)).orElse(frequency);
    }
    return frequencies;
  }
}
