package dev.tributary.evaluator.suite;

import static dev.tributary.evaluator.suite.Examples.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.registry.GateMark;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SuiteSplitTest {

  private static final GateMark GATED_AT_10 = new GateMark(0, 10, 1);

  private final Map<String, List<SuiteRecord>> slices =
      Map.of(
          "returns", List.of(record(3, "returns"), record(12, "returns")),
          "shipping", List.of(record(5, "shipping"), record(13, "shipping")));

  @Test
  void aTaughtSlicePlaysBothRolesWithItsOwnRecords() {
    assertEquals(
        List.of("returns FRESH [e12]", "returns RETAINED [e3]", "shipping RETAINED [e5, e13]"),
        split(GATED_AT_10, Set.of("returns")));
  }

  @Test
  void againstTheBaseEverythingTaughtIsFresh() {
    assertEquals(
        List.of("returns FRESH [e3, e12]", "shipping RETAINED [e5, e13]"),
        split(GateMark.NONE, Set.of("returns")));
  }

  @Test
  void aTaughtSliceWithoutNewRecordsIsAskedForAllTheSame() {
    assertEquals(
        List.of("returns RETAINED [e3, e12]", "shipping RETAINED [e5, e13]", "tax FRESH []"),
        split(GATED_AT_10, Set.of("tax")));
  }

  @Test
  void whenUnknownEverySliceWithNewRecordsCountsAsTaught() {
    assertEquals(
        List.of(
            "returns FRESH [e12]",
            "returns RETAINED [e3]",
            "shipping FRESH [e13]",
            "shipping RETAINED [e5]"),
        split(GATED_AT_10, Set.of()));
  }

  @Test
  void recordsOfAnotherPartitionAreNew() {
    // given an adapter whose records moved, as after a change of the number of partitions
    GateMark elsewhere = new GateMark(7, 100, 1);

    assertEquals(
        List.of("returns FRESH [e3, e12]", "shipping FRESH [e5, e13]"), split(elsewhere, Set.of()));
  }

  @Test
  void toldRecordsAreDividedByWhatTheCandidateAndTheReferenceHaveSeen() {
    SuiteView suite =
        suite(
            told(3, "known to both"),
            toldByStrangers(4),
            told(12, "Taught"),
            told(20, "taught "),
            told(21, "something else"));

    assertEquals(
        List.of(
            "returns FRESH UNSEEN [e20]", "returns FRESH TOLD [e12]", "returns RETAINED TOLD [e3]"),
        words(SuiteSplit.of(suite, GateMark.NONE, new ToldSince(0, 10, 20), Set.of())));
    assertEquals(
        List.of(),
        words(SuiteSplit.of(suite, GateMark.NONE, new ToldSince(1, 10, 20), Set.of())),
        "offsets of another partition say nothing");
  }

  @Test
  void whatStrangersSaidCountsOnlyWhereTheCandidateLearntIt() {
    SuiteRecord own =
        Recall.of(List.of(new BaseKnowledge.OwnAnswer("Who?", "Me.")), "acme/support")
            .without(List.of(), List.of(), Map.of())
            .getFirst();
    SuiteView suite =
        suite(
            told(3, "by staff"),
            toldByStrangers(4),
            record(5, TrainingExample.newBuilder(own.example())));

    assertTrue(SuiteSplit.isTaughtByOthers(suite, new ToldSince(0, 0, 9)));
    assertTrue(SuiteSplit.isTaughtByOthers(suite, new ToldSince(0, 4, 5)));
    assertFalse(SuiteSplit.isTaughtByOthers(suite, new ToldSince(0, 0, 4)));
    assertFalse(SuiteSplit.isTaughtByOthers(suite, new ToldSince(0, 5, 9)), "the base's own");
  }

  private static SuiteView suite(SuiteRecord... told) {
    return new SuiteView(new TreeMap<>(), new TreeMap<>(Map.of("returns", List.of(told))));
  }

  private static SuiteRecord toldByStrangers(long offset) {
    return record(
        offset, Examples.builder("e" + offset, "returns", "voices").setTrust(Trust.CORROBORATED));
  }

  private static SuiteRecord told(long offset, String answer) {
    return record(offset, Examples.builder("e" + offset, "returns", answer));
  }

  private static List<String> words(List<SlicePart> parts) {
    return parts.stream()
        .map(
            part ->
                "%s %s %s %s"
                    .formatted(
                        part.slice(),
                        part.role(),
                        part.evidence(),
                        part.records().stream().map(SuiteRecord::id).toList()))
        .toList();
  }

  private List<String> split(GateMark mark, Set<String> taught) {
    SuiteView suite = new SuiteView(new TreeMap<>(slices), new TreeMap<>());
    return SuiteSplit.of(suite, mark, ToldSince.UNKNOWN, taught).stream()
        .map(
            part ->
                "%s %s %s"
                    .formatted(
                        part.slice(),
                        part.role(),
                        part.records().stream().map(SuiteRecord::id).toList()))
        .toList();
  }
}
