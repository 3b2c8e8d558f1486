package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.SmallModel;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a step of generation allocates once its code is compiled. In a virtual machine of its own,
 * as the steady state of training.
 */
class SteadyGenerationIT {

  private static final int TEXTS = 3;

  private final BaseModel model = SmallModel.create();

  @Test
  void aTokenInTheSteadyStateAllocatesNoArrays() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // ND4J makes some 0.6 kB of pointer objects for each matrix product, and a worker's task some
    // more; one row of logits would be far larger with a real vocabulary, but not here.
    int products = 3 * 4 + 1;
    long limit = 1_000L * products + 100L * TEXTS;
    long allocated = Long.MAX_VALUE;
    try (BatchGenerator batch = new BatchGenerator(model, 24, TEXTS)) {
      for (int round = 0; round < 4_000 && allocated > limit; round++) {
        for (int text = 0; text < TEXTS; text++) {
          batch.add(
              new GenerationRequest(
                  null,
                  new int[] {5, 17, 60},
                  new GenerationOptions(20, text == 0 ? 0 : 1, 0.9, Set.of(), round)),
              new Ignoring());
        }
        batch.step();
        batch.step();
        long before = threads.getCurrentThreadAllocatedBytes();
        batch.step();
        batch.step();
        allocated = (threads.getCurrentThreadAllocatedBytes() - before) / 2;
        while (batch.size() > 0) {
          batch.step();
        }
      }
    }

    assertTrue(allocated <= limit, "a step allocates " + allocated + " bytes");
  }

  private record Ignoring() implements GenerationListener {

    @Override
    public boolean accept(int token) {
      return true;
    }

    @Override
    public void ended(Generation generation) {}

    @Override
    public void failed(RuntimeException cause) {
      throw cause;
    }
  }
}
