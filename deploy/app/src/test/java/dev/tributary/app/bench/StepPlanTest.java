package dev.tributary.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepPlanTest {

  private static List<TokenizedExample> ofLengths(int... lengths) {
    return IntStream.of(lengths)
        .mapToObj(length -> TokenizedExample.text(IntStream.range(0, length).toArray()))
        .toList();
  }

  private static List<Integer> tokens(List<PackedBatch> steps) {
    return steps.stream().map(PackedBatch::tokenCount).toList();
  }

  @Test
  void everyRecordOfARoundIsInOneOfItsSteps() {
    StepPlan plan = StepPlan.of(ofLengths(4, 5, 3, 8, 2, 2), 10, 3);

    assertEquals(2, plan.rounds().size());
    assertEquals(List.of(9, 3), tokens(plan.round(0)));
    assertEquals(List.of(10, 2), tokens(plan.round(1)));
  }

  @Test
  void afterTheLastRoundTheFirstComesAgain() {
    StepPlan plan = StepPlan.of(ofLengths(1, 2, 3), 10, 1);

    assertEquals(plan.round(1), plan.round(4));
  }

  @Test
  void tooFewRecordsAreAMistakeInTheCall() {
    ConfigException mistake =
        assertThrows(ConfigException.class, () -> StepPlan.of(ofLengths(1, 2), 10, 3));

    assertTrue(mistake.getMessage().contains("only 2 usable records"), mistake::getMessage);
  }
}
