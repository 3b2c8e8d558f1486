package dev.tributary.bench.kernels;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Functions between the two halves of a feed-forward layer 3,072 wide. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ActivationBenchmark {

  private static final int INNER = 3_072;

  @Param({"GELU_TANH", "GELU", "SILU"})
  Activation activation;

  private Tensor x;
  private Tensor y;
  private Tensor pair;
  private Tensor dPair;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    x = state.normal(KernelState.TOKENS, INNER);
    y = state.zeros(KernelState.TOKENS, INNER);
    pair = state.normal(KernelState.TOKENS, 2 * INNER);
    dPair = state.zeros(KernelState.TOKENS, 2 * INNER);
  }

  @Benchmark
  public void activate(KernelState state) {
    state.kernels().activate(activation, x, y);
  }

  @Benchmark
  public void activationGradient(KernelState state) {
    state.kernels().activationGradient(activation, x, x, y);
  }

  @Benchmark
  public void gate(KernelState state) {
    state.kernels().gate(activation, pair, y);
  }

  @Benchmark
  public void gateGradient(KernelState state) {
    state.kernels().gateGradient(activation, pair, x, dPair);
  }
}
