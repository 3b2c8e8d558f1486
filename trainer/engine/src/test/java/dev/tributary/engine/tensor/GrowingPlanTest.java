package dev.tributary.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GrowingPlanTest {

  @Test
  void plansAnewOnlyForMoreTokensAndByAQuarterAtLeast() {
    try (GrowingPlan<Tensor> plan = plan(1)) {
      Tensor first = plan.forTokens(100);
      assertSame(first, plan.forTokens(7));
      assertEquals(100, first.rows());

      assertEquals(125, plan.forTokens(101).rows());
      assertEquals(400, plan.forTokens(400).rows());
      assertEquals(400, plan.forTokens(3).rows());

      assertEquals(2, plan.replans());
      assertEquals(400, plan.maxTokens());
      assertEquals(1600, plan.bytes());
      assertThrows(IllegalStateException.class, () -> first.get(0), "its memory was freed");
    }
  }

  @Test
  void withoutMemoryForMoreItGoesOnWithLess() {
    try (GrowingPlan<Tensor> plan = plan(1_000_000)) {
      int tokens = 2_000_000_000;

      OutOfNativeMemoryException error =
          assertThrows(OutOfNativeMemoryException.class, () -> plan.forTokens(tokens));

      assertTrue(error.getMessage().contains("7629394531.3 MiB asked for"), error.getMessage());
      assertTrue(error.getMessage().contains("more than the machine has"), error.getMessage());
      assertEquals(100, plan.forTokens(100).rows());
      assertEquals(0, plan.replans());
    }
  }

  private static GrowingPlan<Tensor> plan(int width) {
    return new GrowingPlan<>("test", 100, (arena, tokens) -> arena.tensor(tokens, width));
  }
}
