package dev.tributary.bench.kernels;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.KeyValueRows;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Attention of one new token a sequence over a cache, as in generation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CacheBenchmark {

  private static final int PAST = 256;
  private static final int CAPACITY = 512;

  @Param({"1", "16"})
  int sequences;

  private final AttentionShape shape = new AttentionShape(12, 12, 64, true);
  private int[] starts;
  private int[] past;
  private Tensor qkv;
  private Tensor out;
  private KeyValueRows cache;

  @Setup(Level.Trial)
  public void prepare(KernelState state) {
    starts = KernelState.starts(sequences, 1);
    past = new int[sequences];
    Arrays.fill(past, PAST);
    qkv = state.normal(sequences, shape.width());
    out = state.zeros(sequences, shape.queryWidth());
    cache =
        new KeyValueRows(
            state.normal(sequences * CAPACITY, shape.keyValueWidth()),
            state.normal(sequences * CAPACITY, shape.keyValueWidth()),
            CAPACITY);
  }

  @Benchmark
  public void cacheKeysAndValues(KernelState state) {
    state.kernels().cacheKeysAndValues(shape, qkv, starts, sequences, past, cache);
  }

  @Benchmark
  public void cachedAttention(KernelState state) {
    state.kernels().cachedAttention(shape, qkv, starts, sequences, past, cache, out);
  }
}
