package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.testing.SmallModel;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What a step allocates once its code is compiled. In a virtual machine of its own: whether the
 * compiler keeps vectors out of the heap depends on what else ran before, and hundreds of other
 * tests are not what a trainer runs beside.
 */
class SteadyStateIT {

  private static final LoraConfig LORA = new LoraConfig(4, 8, 0.2, List.of("c_attn", "mlp.c_proj"));

  private final BaseModel model = SmallModel.create();

  @Test
  void aStepInTheSteadyStateAllocatesNoArrays() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    PackedBatch batch = SmallModel.batch(1, 8);
    TrainingState state = TrainingState.fresh(model, LORA, OptimizerConfig.constant(0.01), 3);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {
      long planned = trainer.plannedBytes();
      // ND4J makes some 0.6 kB of pointer objects for each matrix product.
      int products = 3 * (4 + 3 + 2 * 6) + 2;
      long limit = 1_000L * products;
      // Interpreted code boxes vectors; so step until it is compiled.
      long allocated = Long.MAX_VALUE;
      for (int i = 0; i < 10_000 && allocated > limit; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        trainer.step(state, batch, null);
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }

      assertTrue(allocated <= limit, "a step allocates " + allocated + " bytes");
      assertEquals(planned, trainer.plannedBytes());
    }
  }
}
