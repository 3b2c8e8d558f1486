package dev.tributary.evaluator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.suite.Examples;
import dev.tributary.evaluator.suite.SlicePart;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class RecordSampleTest {

  private final RecordSample sample =
      new RecordSample(new ScoringConfig(null, 20, 3, 8, 2, null, null), 5);

  @Test
  void heldOutRecordsAreChosenSliceBySlice() {
    Set<String> chosen =
        sample.answered(
            List.of(
                part("a", Evidence.HELD_OUT, 10, i -> "x"),
                part("b", Evidence.HELD_OUT, 10, i -> "x"),
                part("r", Evidence.RECALL, 10, i -> "x")));

    assertEquals(3, chosen.stream().filter(id -> id.startsWith("a")).count());
    assertEquals(3, chosen.stream().filter(id -> id.startsWith("b")).count());
    assertEquals(2, chosen.stream().filter(id -> id.startsWith("r")).count());
  }

  @Test
  void toldRecordsAreChosenFromAllSlicesTogetherWithEachAnswerInTurn() {
    // given a fact with very many wordings, and seven with one
    List<SlicePart> parts =
        List.of(
            part("many", Evidence.TOLD, 100, i -> "the same"),
            part("few", Evidence.TOLD, 7, i -> "answer " + i));

    Set<String> chosen = sample.answered(parts);

    assertEquals(8, chosen.size());
    assertEquals(7, chosen.stream().filter(id -> id.startsWith("few")).count());
  }

  @Test
  void whatIsAnsweredIsAmongWhatIsScored() {
    List<SlicePart> parts =
        List.of(
            part("h", Evidence.HELD_OUT, 50, i -> "x"),
            part("t", Evidence.TOLD, 100, i -> "answer " + i));

    List<SlicePart> scored = sample.scored(parts);

    assertEquals(50, scored.getFirst().records().size());
    assertEquals(20, scored.getLast().records().size());
    assertEquals(sample.answered(parts), sample.answered(scored));
  }

  @Test
  void theNewestCorrectionsAreAlwaysThere() {
    List<SuiteRecord> records =
        new ArrayList<>(part("a", Evidence.TOLD, 100, i -> "answer " + i).records());
    for (int i = 0; i < 6; i++) {
      records.add(record("correction" + i, 100 + i, "new", "old"));
    }

    Set<String> chosen =
        sample.answered(List.of(new SlicePart("a", SliceRole.RETAINED, Evidence.TOLD, records)));

    assertEquals(8, chosen.size());
    for (int i = 2; i < 6; i++) {
      assertTrue(chosen.contains("correction" + i), chosen.toString());
    }
  }

  private static SlicePart part(
      String slice, Evidence evidence, int count, IntFunction<String> answer) {
    List<SuiteRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(record(slice + i, i, answer.apply(i), null));
    }
    return new SlicePart(slice, SliceRole.RETAINED, evidence, records);
  }

  private static SuiteRecord record(String id, long offset, String answer, String rejected) {
    return new SuiteRecord(
        Examples.builder(id, "returns", answer).setRejected(rejected).build(), 0, offset);
  }
}
