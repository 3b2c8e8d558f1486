package dev.tributary.bench.kernels;

import dev.tributary.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cross-entropy over 50,257 tokens for 128 positions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LossBenchmark {

  private static final int POSITIONS = 128;
  private static final int VOCABULARY = 50_257;

  private final double[] losses = new double[POSITIONS];
  private final double[] weights = new double[POSITIONS];
  private int[] targets;
  private Tensor logits;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    Arrays.fill(weights, 1.0 / POSITIONS);
    targets = state.numbers(POSITIONS, VOCABULARY);
    logits = state.normal(POSITIONS, VOCABULARY);
  }

  @Benchmark
  public void crossEntropy(KernelState state) {
    state.kernels().crossEntropy(logits, targets, 0, losses);
  }

  /** Overwrites its input with small numbers, which cost what others cost. */
  @Benchmark
  public void crossEntropyGradient(KernelState state) {
    state.kernels().crossEntropyGradient(logits, targets, weights, 0, losses);
  }
}
