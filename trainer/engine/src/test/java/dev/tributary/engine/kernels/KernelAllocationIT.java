package dev.tributary.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/**
 * What each vectorised operation allocates, on all threads, once it is compiled: some objects of a
 * task, not a vector for each element. The compiler decides by what it has seen, so the operations
 * first run on shapes that leave most loops without a turn, as small tests do.
 */
class KernelAllocationIT {

  /** A task, its parts and views; one vector for each row of the operations here would be more. */
  private static final long LIMIT = 4_000;

  private static final int WARM_UP = 3_000;

  /** Until then the compiler, which may wait for a core itself, has compiled what it will. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int CALLS = 50;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Kernels kernels = Nd4jKernels.create(2);
  private final RandomTensors random = new RandomTensors(3);

  @Test
  void operationsAllocateNoVectors() {
    // given a virtual machine that has seen odd shapes
    for (int[] shape : new int[][] {{1, 2, 2}, {3, 6, 2}, {5, 34, 2}, {2, 18, 3}}) {
      Map<String, Runnable> odd = operations(shape[0], shape[1], shape[2]);
      for (int i = 0; i < WARM_UP; i++) {
        odd.values().forEach(Runnable::run);
      }
    }

    // when the operations run on a step's shapes, then they come to allocate nothing of size
    for (Map.Entry<String, Runnable> operation : operations(128, 256, 4).entrySet()) {
      long allocated = Long.MAX_VALUE;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (allocated > LIMIT && System.nanoTime() < deadline) {
        long before = allocatedByAll();
        for (int i = 0; i < CALLS; i++) {
          operation.getValue().run();
        }
        allocated = (allocatedByAll() - before) / CALLS;
      }
      assertTrue(allocated <= LIMIT, operation.getKey() + " allocates " + allocated + " bytes");
    }
  }

  private long allocatedByAll() {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Everything but matrix products. */
  private SequencedMap<String, Runnable> operations(int n, int width, int heads) {
    SequencedMap<String, Runnable> all = new LinkedHashMap<>();
    Tensor x = random.tensor(n, width);
    Tensor dy = random.tensor(n, width);
    Tensor y = random.zeros(n, width);
    Tensor row = random.tensor(1, width);
    Tensor statistics = random.zeros(n, 2);
    Norm norm = new Norm(row, row, 1e-5);
    all.put("norm", () -> kernels.norm(norm, x, statistics, y));
    all.put("normInputGradient", () -> kernels.normInputGradient(norm, x, statistics, dy, true, y));
    Norm dNorm = new Norm(random.zeros(1, width), random.zeros(1, width), 0);
    all.put("normParameterGradient", () -> kernels.normParameterGradient(x, statistics, dy, dNorm));
    Tensor dRow = random.zeros(1, width);
    all.put("biasGradient", () -> kernels.biasGradient(dy, dRow));
    Tensor half = random.tensor(n, width / 2);
    Tensor dGateUp = random.zeros(n, width);
    for (Activation activation : Activation.values()) {
      all.put("activate " + activation, () -> kernels.activate(activation, x, y));
      all.put(
          "activationGradient " + activation,
          () -> kernels.activationGradient(activation, x, dy, y));
      all.put("gate " + activation, () -> kernels.gate(activation, x, half));
      all.put(
          "gateGradient " + activation, () -> kernels.gateGradient(activation, x, half, dGateUp));
    }
    all.put("dropout", () -> kernels.dropout(x, 0.1, 5, y));
    all.put("dropoutGradient", () -> kernels.dropoutGradient(dy, 0.1, 5, y));
    addLowRank(all, n, width);
    addAttention(all, n, width, heads);
    int[] targets = new int[n];
    double[] losses = new double[n];
    Tensor logits = random.tensor(n, 37 * width);
    all.put("crossEntropy", () -> kernels.crossEntropy(logits, targets, 0, losses));
    all.put(
        "crossEntropyGradient",
        () -> kernels.crossEntropyGradient(logits, targets, losses, 0, losses));
    Tensor first = random.zeros(n, width);
    Tensor second = random.zeros(n, width);
    AdamWStep step = new AdamWStep(1e-3, 0.9, 0.99, 1e-8, 0.01, 1, 1);
    all.put("adamW", () -> kernels.adamW(step, y, dy, first, second));
    all.put("sumOfSquares", () -> kernels.sumOfSquares(x));
    return all;
  }

  private void addLowRank(Map<String, Runnable> all, int n, int width) {
    Tensor x = random.tensor(n, width);
    Tensor y = random.tensor(n, width);
    Tensor a = random.tensor(8, width);
    Tensor b = random.tensor(width, 8);
    Tensor hidden = random.tensor(n, 8);
    Tensor dHidden = random.tensor(n, 8);
    Tensor dA = random.zeros(8, width);
    Tensor dB = random.zeros(width, 8);
    all.put("lowRankDown", () -> kernels.lowRankDown(x, 0.1, 3, a, hidden));
    all.put("lowRankUp", () -> kernels.lowRankUp(1e-3f, hidden, b, y));
    all.put("lowRankUpGradient", () -> kernels.lowRankUpGradient(1, x, hidden, b, dB, dHidden));
    all.put("lowRankDownGradient", () -> kernels.lowRankDownGradient(x, 0.1, 3, dHidden, a, dA, y));
  }

  private void addAttention(Map<String, Runnable> all, int n, int width, int heads) {
    AttentionShape shape = new AttentionShape(heads, heads, width / heads, true);
    Tensor qkv = random.tensor(n, 3 * width);
    Tensor dQkv = random.zeros(n, 3 * width);
    Tensor logSumExp = random.zeros(n, heads);
    Tensor out = random.zeros(n, width);
    int[] starts = {0, n / 3, n};
    all.put("attention", () -> kernels.attention(shape, qkv, starts, 2, logSumExp, out));
    all.put(
        "attentionGradient",
        () -> kernels.attentionGradient(shape, qkv, starts, 2, logSumExp, out, out, dQkv));
    KeyValueRows cache = new KeyValueRows(random.tensor(n, width), random.tensor(n, width), n);
    int[] past = {n - 1};
    int[] one = {0, 1};
    Tensor token = qkv.slice(0, 1);
    Tensor result = random.zeros(1, width);
    all.put(
        "cachedAttention",
        () -> kernels.cachedAttention(shape, token, one, 1, past, cache, result));
    int[] positions = new int[n];
    RotaryTable table = RotaryTable.of(new double[Math.max(1, width / heads / 2)], 1);
    Tensor turned = random.tensor(n, table.headSize() * heads);
    all.put("rotate", () -> kernels.rotate(table, positions, false, turned));
  }
}
