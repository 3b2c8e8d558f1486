package dev.tributary.bench.kernels;

import dev.tributary.engine.tensor.Tensor;
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

/** Dropout of the inputs of an adapter. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DropoutBenchmark {

  private static final double RATE = 0.1;

  private Tensor x;
  private Tensor y;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    x = state.normal(KernelState.TOKENS, KernelState.WIDTH);
    y = state.zeros(KernelState.TOKENS, KernelState.WIDTH);
  }

  @Benchmark
  public void dropout(KernelState state) {
    state.kernels().dropout(x, RATE, 7, y);
  }

  @Benchmark
  public void dropoutGradient(KernelState state) {
    state.kernels().dropoutGradient(x, RATE, 7, y);
  }
}
