package dev.tributary.bench.kernels;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.RotaryTable;
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

/** Attention within packed sequences, and what turns queries and keys to their positions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {

  /** Sequence length; as many sequences as make 512 tokens. */
  @Param({"32", "128", "512"})
  int length;

  /** Key and value heads, of 12. */
  @Param({"12", "2"})
  int keyValueHeads;

  private AttentionShape shape;
  private int[] starts;
  private int[] positions;
  private Tensor qkv;
  private Tensor dQkv;
  private Tensor logSumExp;
  private Tensor out;
  private RotaryTable rotary;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    shape = new AttentionShape(12, keyValueHeads, 64, true);
    starts = KernelState.starts(KernelState.TOKENS / length, length);
    positions = KernelState.counting(KernelState.TOKENS);
    qkv = state.normal(KernelState.TOKENS, shape.width());
    dQkv = state.zeros(KernelState.TOKENS, shape.width());
    logSumExp = state.zeros(KernelState.TOKENS, shape.heads());
    out = state.zeros(KernelState.TOKENS, shape.queryWidth());
    double[] frequencies = new double[shape.headSize() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(10_000, -2.0 * i / shape.headSize());
    }
    rotary = RotaryTable.of(frequencies, KernelState.TOKENS);
    attention(state);
  }

  @Benchmark
  public void attention(KernelState state) {
    state.kernels().attention(shape, qkv, starts, starts.length - 1, logSumExp, out);
  }

  @Benchmark
  public void attentionGradient(KernelState state) {
    state
        .kernels()
        .attentionGradient(shape, qkv, starts, starts.length - 1, logSumExp, out, out, dQkv);
  }

  @Benchmark
  public void rotate(KernelState state) {
    state.kernels().rotate(rotary, positions, false, qkv.columns(0, shape.queryWidth()));
  }
}
