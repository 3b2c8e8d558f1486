package dev.tributary.bench.kernels;

import dev.tributary.engine.kernels.Norm;
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

/** Normalisation of whole rows, with and without the mean. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NormBenchmark {

  @Param({"layer", "rms"})
  String norm;

  private Tensor x;
  private Tensor y;
  private Tensor statistics;
  private Norm forward;
  private Norm gradient;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    x = state.normal(KernelState.TOKENS, KernelState.WIDTH);
    y = state.normal(KernelState.TOKENS, KernelState.WIDTH);
    statistics = state.zeros(KernelState.TOKENS, 2);
    boolean centred = norm.equals("layer");
    forward =
        new Norm(
            state.normal(1, KernelState.WIDTH),
            centred ? state.normal(1, KernelState.WIDTH) : null,
            1e-5);
    gradient =
        new Norm(
            state.zeros(1, KernelState.WIDTH),
            centred ? state.zeros(1, KernelState.WIDTH) : null,
            1e-5);
    state.kernels().norm(forward, x, statistics, y);
  }

  @Benchmark
  public void norm(KernelState state) {
    state.kernels().norm(forward, x, statistics, y);
  }

  @Benchmark
  public void normInputGradient(KernelState state) {
    state.kernels().normInputGradient(forward, x, statistics, x, false, y);
  }

  @Benchmark
  public void normParameterGradient(KernelState state) {
    state.kernels().normParameterGradient(x, statistics, x, gradient);
  }
}
