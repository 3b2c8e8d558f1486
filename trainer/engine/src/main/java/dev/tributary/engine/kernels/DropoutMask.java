package dev.tributary.engine.kernels;

/**
 * Which elements dropout keeps: a stateless hash of a key and the element's index, so that the
 * backward pass, a resumed run and any number of threads see the same mask.
 *
 * <p>The hash is the finaliser of MurmurHash3 for 32 bits, applied twice with the two halves of the
 * key: cheap, free of multiplications wider than a vector lane, and even enough for a mask.
 */
public final class DropoutMask {

  public static final int MULTIPLIER_1 = 0x85ebca6b;
  public static final int MULTIPLIER_2 = 0xc2b2ae35;

  /** Weyl increment that spreads neighbouring indices before the first round. */
  public static final int STRIDE = 0x9e3779b9;

  private DropoutMask() {}

  /**
   * A key for one place of one step.
   *
   * @param seed of the run
   * @param step of the run
   * @param site number of the place in the network
   */
  public static long key(long seed, long step, int site) {
    return mix(mix(mix(seed) + step) + site);
  }

  /** Whether dropout keeps the element. */
  public static boolean keeps(long key, int index, int threshold) {
    return (hash(key, index) >>> 8) >= threshold;
  }

  /** The 24-bit threshold below which an element is dropped. */
  public static int threshold(double rate) {
    return (int) Math.round(rate * (1 << 24));
  }

  static int hash(long key, int index) {
    return finish(finish(index * STRIDE + (int) key) ^ (int) (key >>> 32));
  }

  private static int finish(int value) {
    int h = value;
    h ^= h >>> 16;
    h *= MULTIPLIER_1;
    h ^= h >>> 13;
    h *= MULTIPLIER_2;
    return h ^ (h >>> 16);
  }

  /** SplitMix64's finaliser. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
