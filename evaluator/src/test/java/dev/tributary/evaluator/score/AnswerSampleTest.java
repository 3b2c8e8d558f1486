package dev.tributary.evaluator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.TokenizedExample;
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

class AnswerSampleTest {

  private final AnswerSample sample =
      new AnswerSample(new ScoringConfig(null, 3, 8, 2, null, null), 5);

  @Test
  void heldOutRecordsAreChosenSliceBySlice() {
    Set<String> chosen =
        sample.of(
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
    Set<String> chosen =
        sample.of(
            List.of(
                part("many", Evidence.TOLD, 100, i -> "the same"),
                part("few", Evidence.TOLD, 7, i -> "answer " + i)));

    assertEquals(8, chosen.size());
    assertEquals(7, chosen.stream().filter(id -> id.startsWith("few")).count());
  }

  @Test
  void theNewestCorrectionsAreAlwaysThere() {
    EncodedPart part = part("a", Evidence.TOLD, 100, i -> "answer " + i);
    List<EncodedRecord> records = new ArrayList<>(part.records());
    for (int i = 0; i < 6; i++) {
      records.add(encoded("correction" + i, 100 + i, "new", "old"));
    }

    Set<String> chosen = sample.of(List.of(new EncodedPart(part.part(), records)));

    assertEquals(8, chosen.size());
    for (int i = 2; i < 6; i++) {
      assertTrue(chosen.contains("correction" + i), chosen.toString());
    }
  }

  private static EncodedPart part(
      String slice, Evidence evidence, int count, IntFunction<String> answer) {
    List<EncodedRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(encoded(slice + i, i, answer.apply(i), null));
    }
    return new EncodedPart(
        new SlicePart(
            slice,
            SliceRole.RETAINED,
            evidence,
            records.stream().map(EncodedRecord::record).toList()),
        records);
  }

  private static EncodedRecord encoded(String id, long offset, String answer, String rejected) {
    return new EncodedRecord(
        new SuiteRecord(
            Examples.builder(id, "returns", answer).setRejected(rejected).build(), 0, offset),
        TokenizedExample.text(new int[] {1, 2}));
  }
}
