package dev.tributary.trainer.lineage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import dev.tributary.trainer.testing.Told;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidateLineageTest {

  @Test
  void recordsThatWereNotLearntAreNamedUpToABound() {
    // given far more than a message should name
    List<TrainingItem> items = IntStream.range(0, 3_000).mapToObj(i -> Told.at(i).item()).toList();

    // when
    CandidateLineage few = CandidateLineage.EMPTY.plus(batch(items, items.subList(0, 3)));
    CandidateLineage many = few.plus(batch(items, items));

    // then
    assertEquals(Set.of("r0", "r1", "r2"), few.notLearnt());
    assertTrue(many.notLearnt().containsAll(few.notLearnt()));
    assertEquals(100, many.notLearnt().size());
  }

  @Test
  void batchOfSupersededExamplesChangesNothing() {
    assertEquals(CandidateLineage.EMPTY, CandidateLineage.EMPTY.plus(batch(List.of(), List.of())));
  }

  @Test
  void sumsUpWhatWasTrained() throws IOException {
    // given
    CandidateLineage lineage =
        CandidateLineage.EMPTY
            .plus(batch(List.of(Told.at(4).slice("a").appended(40).item()), List.of()))
            .plus(
                batch(
                    List.of(
                        Told.at(6).slice("b").appended(60).insteadOf("x").item(),
                        Told.at(7).slice("a").appended(70).item()),
                    List.of(Told.at(7).item())));

    // then
    assertEquals(3, lineage.examples());
    assertEquals(Map.of("a", 2L, "b", 1L), lineage.slices());
    assertEquals(4, lineage.fromOffset());
    assertEquals(40, lineage.firstTimestamp());
    assertEquals(70, lineage.lastTimestamp());
    assertTrue(lineage.urgent());
    assertFalse(CandidateLineage.EMPTY.urgent());
    assertEquals(0.25, lineage.replayRatio());
    assertEquals(2.0, lineage.meanLoss());

    // and comes back from a checkpoint
    StateOutput out = new StateOutput();
    lineage.write(out);
    assertEquals(lineage, CandidateLineage.read(new StateInput(out.toByteArray())));
  }

  private static TrainedBatch batch(List<TrainingItem> items, List<TrainingItem> notLearnt) {
    return new TrainedBatch(items, notLearnt, 3, 1, 30, 10, 5);
  }
}
