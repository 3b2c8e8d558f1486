package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.SplittableRandom;

/** Seeded tensors for the tests of kernels. */
public final class RandomTensors {

  private final TensorArena arena = TensorArena.shared();
  private final SplittableRandom random;

  public RandomTensors(long seed) {
    random = new SplittableRandom(seed);
  }

  public Tensor zeros(int rows, int columns) {
    return arena.tensor(rows, columns);
  }

  /** Uniform from -1 to 1. */
  public Tensor tensor(int rows, int columns) {
    Tensor tensor = zeros(rows, columns);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) random.nextDouble(-1, 1));
    }
    return tensor;
  }

  public Tensor copy(Tensor original) {
    Tensor copy = zeros(original.rows(), original.columns());
    copy.copyFrom(original);
    return copy;
  }

  public int[] indices(int count, int bound) {
    return random.ints(count, 0, bound).toArray();
  }
}
