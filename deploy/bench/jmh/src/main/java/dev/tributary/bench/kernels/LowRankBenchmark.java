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

/** A LoRA addition of rank 8 to a layer 768 to 2,304, with dropout. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LowRankBenchmark {

  private static final int RANK = 8;
  private static final int OUTPUTS = 2_304;
  private static final double DROPOUT = 0.1;

  private Tensor x;
  private Tensor y;
  private Tensor hidden;
  private Tensor dHidden;
  private Tensor a;
  private Tensor b;
  private Tensor dA;
  private Tensor dB;
  private Tensor dx;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    x = state.normal(KernelState.TOKENS, KernelState.WIDTH);
    y = state.normal(KernelState.TOKENS, OUTPUTS);
    hidden = state.normal(KernelState.TOKENS, RANK);
    dHidden = state.normal(KernelState.TOKENS, RANK);
    a = state.normal(RANK, KernelState.WIDTH);
    b = state.normal(OUTPUTS, RANK);
    dA = state.zeros(RANK, KernelState.WIDTH);
    dB = state.zeros(OUTPUTS, RANK);
    dx = state.zeros(KernelState.TOKENS, KernelState.WIDTH);
  }

  @Benchmark
  public void lowRankDown(KernelState state) {
    state.kernels().lowRankDown(x, DROPOUT, 7, a, hidden);
  }

  @Benchmark
  public void lowRankUp(KernelState state) {
    state.kernels().lowRankUp(1e-6f, hidden, b, y);
  }

  @Benchmark
  public void lowRankUpGradient(KernelState state) {
    state.kernels().lowRankUpGradient(1e-3f, y, hidden, b, dB, dHidden);
  }

  @Benchmark
  public void lowRankDownGradient(KernelState state) {
    state.kernels().lowRankDownGradient(x, DROPOUT, 7, dHidden, a, dA, dx);
  }
}
