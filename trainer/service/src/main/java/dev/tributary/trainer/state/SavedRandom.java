package dev.tributary.trainer.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A random generator whose whole state is one number that can be saved: SplitMix64 (Steele, Lea and
 * Flood, <a href="https://doi.org/10.1145/2714064.2660195">Fast splittable pseudorandom number
 * generators</a>, 2014). Not thread-safe, not for secrets.
 */
public final class SavedRandom {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  public SavedRandom(long seed) {
    this.state = seed;
  }

  public static SavedRandom read(StateInput in) throws IOException {
    return new SavedRandom(in.readLong());
  }

  /**
   * Derives the seed of one purpose from the seed of a run, so that adapters do not share their
   * randomness and each gets the same again on every machine.
   */
  public static long derive(long seed, String purpose) {
    long derived = mix(seed + GAMMA);
    for (byte each : purpose.getBytes(StandardCharsets.UTF_8)) {
      derived = mix(derived + GAMMA + each);
    }
    return derived;
  }

  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /**
   * A number from 0 up to but not including the bound, without bias.
   *
   * @param bound above 0
   */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be above 0, is " + bound);
    }
    // The smallest multiple-of-bound range is drawn from; draws beyond it are repeated.
    long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
    long draw;
    do {
      draw = nextLong() >>> 1;
    } while (draw >= limit);
    return (int) (draw % bound);
  }

  public void write(StateOutput out) {
    out.writeLong(state);
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
