package dev.tributary.bench.kernels;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.choice.KernelChoice;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.Random;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The kernels under measurement, and memory for what they work on. */
@State(Scope.Benchmark)
public class KernelState {

  /** Tokens of a step in all benchmarks: batch 4 x 128. */
  static final int TOKENS = 512;

  /** The width of GPT-2 small. */
  static final int WIDTH = 768;

  /** As {@link KernelChoice#named} takes it. */
  @Param({"onednn"})
  String kernels;

  private final Random random = new Random(1);
  private TensorArena arena;
  private Kernels chosen;

  @Setup(Level.Trial)
  public void open() {
    arena = TensorArena.scoped();
    KernelChoice choice = KernelChoice.named(kernels);
    if (choice.fallback()) {
      throw new IllegalStateException(choice.reason());
    }
    chosen = choice.kernels();
  }

  @TearDown(Level.Trial)
  public void close() {
    arena.close();
  }

  Kernels kernels() {
    return chosen;
  }

  /** Zeros. */
  Tensor zeros(int rows, int columns) {
    return arena.tensor(rows, columns);
  }

  /** Normal draws of deviation 0.1. */
  Tensor normal(int rows, int columns) {
    Tensor tensor = arena.tensor(rows, columns);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) (0.1 * random.nextGaussian()));
    }
    return tensor;
  }

  /** Whole numbers below a bound. */
  int[] numbers(int count, int bound) {
    return random.ints(count, 0, bound).toArray();
  }

  /** 0, 1, 2, … */
  static int[] counting(int count) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  /** Where sequences of one length start, and where the last ends. */
  static int[] starts(int sequences, int length) {
    int[] starts = new int[sequences + 1];
    for (int i = 0; i <= sequences; i++) {
      starts[i] = i * length;
    }
    return starts;
  }
}
