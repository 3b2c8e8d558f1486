package dev.tributary.bench.kernels;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Weight;
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

/** Linear layers of GPT-2 small, and its head over 50,257 tokens, frozen and in training. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LinearBenchmark {

  /** Inputs x outputs. */
  @Param({"768x768", "768x3072", "3072x768", "768x50257"})
  String shape;

  private Tensor x;
  private Tensor y;
  private Tensor bias;
  private Tensor dBias;
  private DenseWeight dense;
  private DenseWeight dDense;
  private Weight frozen;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    String[] sizes = shape.split("x");
    int inputs = Integer.parseInt(sizes[0]);
    int outputs = Integer.parseInt(sizes[1]);
    x = state.normal(KernelState.TOKENS, inputs);
    y = state.normal(KernelState.TOKENS, outputs);
    bias = state.normal(1, outputs);
    dBias = state.zeros(1, outputs);
    dense = DenseWeight.outIn(state.normal(outputs, inputs));
    dDense = DenseWeight.outIn(state.zeros(outputs, inputs));
    frozen = state.kernels().freeze(dense);
  }

  @Benchmark
  public void linearFrozen(KernelState state) {
    state.kernels().linear(1, x, frozen, bias, false, y);
  }

  @Benchmark
  public void linearDense(KernelState state) {
    state.kernels().linear(1, x, dense, bias, false, y);
  }

  @Benchmark
  public void linearInputGradientFrozen(KernelState state) {
    state.kernels().linearInputGradient(1, y, frozen, false, x);
  }

  @Benchmark
  public void linearInputGradientDense(KernelState state) {
    state.kernels().linearInputGradient(1, y, dense, false, x);
  }

  @Benchmark
  public void linearWeightGradient(KernelState state) {
    state.kernels().linearWeightGradient(1e-3f, x, y, dDense);
  }

  @Benchmark
  public void biasGradient(KernelState state) {
    state.kernels().biasGradient(y, dBias);
  }

  @Benchmark
  public Weight freeze(KernelState state) {
    return state.kernels().freeze(dense);
  }
}
