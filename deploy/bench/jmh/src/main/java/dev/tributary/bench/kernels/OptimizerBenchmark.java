package dev.tributary.bench.kernels;

import dev.tributary.engine.kernels.AdamWStep;
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

/** What happens to every trained value: an adapter's, and a whole layer's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OptimizerBenchmark {

  @Param({"811008", "7077888"})
  int values;

  private final AdamWStep step = new AdamWStep(1e-4, 0.9, 0.999, 1e-8, 0.01, 1, 10);
  private Tensor value;
  private Tensor gradient;
  private Tensor firstMoment;
  private Tensor secondMoment;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    value = state.normal(1, values);
    gradient = state.normal(1, values);
    firstMoment = state.zeros(1, values);
    secondMoment = state.zeros(1, values);
  }

  @Benchmark
  public double sumOfSquares(KernelState state) {
    return state.kernels().sumOfSquares(gradient);
  }

  @Benchmark
  public void adamW(KernelState state) {
    state.kernels().adamW(step, value, gradient, firstMoment, secondMoment);
  }
}
