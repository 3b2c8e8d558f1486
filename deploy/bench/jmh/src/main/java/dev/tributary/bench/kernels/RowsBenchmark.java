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

/** Rows looked up in tables and picked out of batches. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowsBenchmark {

  private static final int VOCABULARY = 50_257;

  private int[] tokens;
  private int[] rows;
  private Tensor table;
  private Tensor dTable;
  private Tensor x;
  private Tensor y;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    tokens = state.numbers(KernelState.TOKENS, VOCABULARY);
    rows = KernelState.counting(KernelState.TOKENS);
    table = state.normal(VOCABULARY, KernelState.WIDTH);
    dTable = state.zeros(VOCABULARY, KernelState.WIDTH);
    x = state.normal(KernelState.TOKENS, KernelState.WIDTH);
    y = state.zeros(KernelState.TOKENS, KernelState.WIDTH);
  }

  @Benchmark
  public void embed(KernelState state) {
    state.kernels().embed(tokens, table, false, y);
  }

  @Benchmark
  public void embedGradient(KernelState state) {
    state.kernels().embedGradient(tokens, x, dTable);
  }

  @Benchmark
  public void gatherRows(KernelState state) {
    state.kernels().gatherRows(x, rows, 0, y);
  }

  @Benchmark
  public void scatterRows(KernelState state) {
    state.kernels().scatterRows(x, rows, 0, y);
  }
}
