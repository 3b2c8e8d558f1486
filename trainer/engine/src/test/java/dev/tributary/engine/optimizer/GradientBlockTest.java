package dev.tributary.engine.optimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.SparseRows;
import dev.tributary.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradientBlockTest {

  private static final int ROWS = 2 * SparseRows.WINDOW + 37;
  private static final int TOKENS = 24;
  private static final int WIDTH = 19;
  private static final ParameterLayout LAYOUT =
      ParameterLayout.builder().add("table", ROWS, WIDTH).add("other", 5, 7).build();

  private final Kernels kernels = Nd4jKernels.create(2);
  private final AdamW adamW = new AdamW(kernels);

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "3, 0.1", "4, 0.1"})
  void stepsAreThoseOfADenseTable(long seed, double weightDecay) {
    // given the same values, with memory for all rows' gradients and for those of a step
    OptimizerState dense = fresh(seed, weightDecay);
    OptimizerState sparse = fresh(seed, weightDecay);
    GradientBlock all = GradientBlock.dense(ParameterBlock.zeros(LAYOUT));
    GradientBlock some = GradientBlock.withTable(LAYOUT, TOKENS);
    SplittableRandom random = new SplittableRandom(seed);

    for (int step = 0; step < 5; step++) {
      // when each step has a gradient in other rows, in some of them twice
      int[] tokens = random.ints(TOKENS, 0, ROWS).toArray();
      tokens[TOKENS - 1] = tokens[0];
      Tensor dx = ParameterBlock.zeros(LAYOUT.withFirstRows(TOKENS)).first();
      fill(dx, random);
      all.zero();
      some.zero();
      kernels.embedGradient(tokens, dx, all.block().first());
      int[] places = some.table().orElseThrow().use(tokens, TOKENS);
      kernels.embedGradient(places, dx, some.block().first());
      fill(all.block().get("other"), random);
      some.block().get("other").copyFrom(all.block().get("other"));

      // then norm and update are the same, in rows without a gradient too
      double norm = adamW.gradientNorm(all);
      assertEquals(norm, adamW.gradientNorm(some), 1e-6 * norm);
      adamW.update(dense, all, norm, 1);
      adamW.update(sparse, some, norm, 1);
      assertSame(dense.values(), sparse.values());
      assertSame(dense.firstMoment(), sparse.firstMoment());
      assertSame(dense.secondMoment(), sparse.secondMoment());
    }
  }

  @Test
  void onlyRowsThatEverHadAGradientHaveMoments() {
    OptimizerState state = fresh(1, 0.1);
    GradientBlock some = GradientBlock.withTable(LAYOUT, TOKENS);

    for (int row : new int[] {7, ROWS - 1}) {
      some.zero();
      some.table().orElseThrow().use(new int[] {row}, 1);
      adamW.update(state, some, 1, 1);
    }

    BitSet expected = new BitSet();
    expected.set(7);
    expected.set(ROWS - 1);
    assertEquals(expected, state.rowsWithMoments());
    OptimizerState restored =
        new OptimizerState(
            state.config(), state.values(), state.firstMoment(), state.secondMoment(), 2);
    assertEquals(ROWS, restored.rowsWithMoments().cardinality());
  }

  @Test
  void takesNoMoreMemoryThanTheRowsOfAStep() {
    GradientBlock some = GradientBlock.withTable(LAYOUT, TOKENS);
    GradientBlock all = GradientBlock.withTable(LAYOUT, ROWS);

    assertEquals(TOKENS, some.block().first().rows());
    assertTrue(some.hasRowsFor(TOKENS));
    assertFalse(some.hasRowsFor(TOKENS + 1));
    assertTrue(all.table().isEmpty());
    assertTrue(all.hasRowsFor(10 * ROWS));
  }

  @Test
  void aFullTableHasRoomAgainForTheNextStep() {
    GradientBlock some = GradientBlock.withTable(LAYOUT, TOKENS);
    SparseRows table = some.table().orElseThrow();
    int[] low = IntStream.range(0, TOKENS).toArray();
    int[] high = IntStream.range(ROWS - TOKENS, ROWS).toArray();

    table.use(low, TOKENS);
    table.values().set(0, 0, 1);
    some.zero();

    assertArrayEquals(low, Arrays.copyOf(table.use(high, TOKENS), TOKENS));
    assertEquals(0, table.values().get(0, 0));
    assertEquals(0, table.dense(0, 1).get(0, 0));
  }

  private static OptimizerState fresh(long seed, double weightDecay) {
    ParameterBlock values = ParameterBlock.zeros(LAYOUT);
    SplittableRandom random = new SplittableRandom(seed);
    values.tensors().values().forEach(tensor -> fill(tensor, random));
    OptimizerConfig config =
        new OptimizerConfig(0.01, weightDecay, 0.9, 0.999, 1e-8, 1, Schedule.CONSTANT, 0, 0);
    return OptimizerState.fresh(config, values);
  }

  private static void fill(Tensor tensor, SplittableRandom random) {
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) random.nextDouble(-1, 1));
    }
  }

  private static void assertSame(ParameterBlock expected, ParameterBlock actual) {
    assertArrayEquals(expected.flat().toArray(), actual.flat().toArray());
  }
}
