package dev.tributary.evaluator.suite;

import static dev.tributary.evaluator.suite.Examples.builder;
import static dev.tributary.evaluator.suite.Examples.fact;
import static dev.tributary.evaluator.suite.Examples.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.ExampleKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteTest {

  private final Suite suite = new Suite(SuiteLimits.defaults());

  @Test
  void keepsRecordsBySliceInOrderOfArrival() {
    assertEquals(Arrival.ADDED, suite.addHeldOut(record(1, "returns")));
    assertEquals(Arrival.ADDED, suite.addHeldOut(record(2, "shipping")));
    assertEquals(Arrival.ADDED, suite.addHeldOut(record(3, "returns")));

    assertEquals(Set.of("returns", "shipping"), suite.view().heldOut().keySet());
    assertEquals(List.of("e1", "e3"), ids("returns"));
  }

  @Test
  void theSameExampleCountsOnce() {
    suite.addHeldOut(record(1, builder("same", "returns", "14 days")));

    assertEquals(
        Arrival.DUPLICATE, suite.addHeldOut(record(2, builder("same", "shipping", "14 days"))));
    assertEquals(1, size());
  }

  @Test
  void aNewerDifferentAnswerRemovesOlderOnes() {
    suite.addHeldOut(fact(1, "returns", "returns.window", "30 days", 0));
    suite.addHeldOut(fact(2, "returns", "returns.window", "30 Days ", 1));
    suite.addHeldOut(fact(3, "returns", "returns.fee", "none", 0));

    assertEquals(
        Arrival.ADDED, suite.addHeldOut(fact(4, "returns", "returns.window", "14 days", 5)));

    assertEquals(List.of("e3", "e4"), ids("returns"));
    assertEquals(2, suite.superseded());
  }

  @Test
  void anOlderAnswerThatArrivesLateIsRefused() {
    suite.addHeldOut(fact(1, "returns", "returns.window", "14 days", 5));

    assertEquals(
        Arrival.SUPERSEDED, suite.addHeldOut(fact(2, "returns", "returns.window", "30 days", 0)));
    assertEquals(List.of("e1"), ids("returns"));
  }

  @Test
  void aFactThatChangedInTrainingSupersedesHeldOutAnswers() {
    suite.addHeldOut(fact(1, "returns", "returns.window", "30 days", 0));

    suite.addTold(fact(9, "returns", "returns.window", "14 days", 3));

    assertEquals(0, size());
    assertTrue(suite.view().heldOut().isEmpty());
  }

  @Test
  void paraphrasesWithTheSameAnswerStayTogether() {
    suite.addHeldOut(fact(1, "returns", "returns.window", "14 days", 0));
    suite.addHeldOut(fact(2, "returns", "returns.window", "14 days", 7));

    assertEquals(2, size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatHoldsDoesNotDependOnTheOrderOfReading(long seed) {
    // given the answers of a fact that changed twice, read in any order
    List<SuiteRecord> records = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      records.add(fact(i, "returns", "window", "answer " + i / 10, i));
    }
    Collections.shuffle(records, new Random(seed));

    records.forEach(suite::addHeldOut);

    assertEquals(
        Set.of("answer 2"),
        suite.view().heldOut().get("returns").stream()
            .map(record -> record.example().getCompletion())
            .collect(Collectors.toSet()));
    assertEquals(10, size());
  }

  @Test
  void whatHasNoAnswerToScoreIsRefused() {
    assertEquals(
        Arrival.UNSCORABLE,
        suite.addHeldOut(
            record(
                1,
                builder("a", "returns", "rude answer")
                    .setKind(ExampleKind.BINARY)
                    .setDesirable(false))));
    assertEquals(
        Arrival.UNSCORABLE,
        suite.addHeldOut(
            record(
                2,
                builder("b", "returns", null)
                    .setKind(ExampleKind.CLASSIFICATION)
                    .setLabel("refund"))));
    assertEquals(Arrival.UNSCORABLE, suite.addHeldOut(record(3, builder("c", "returns", "  "))));
    assertEquals(
        Arrival.ADDED,
        suite.addHeldOut(
            record(
                4,
                builder("d", "returns", "kind answer")
                    .setKind(ExampleKind.BINARY)
                    .setDesirable(true))));
  }

  @Test
  void keepsTheNewestRecordsAndSomeOlderOnesWithinTheLimit() {
    // given
    Suite small = new Suite(new SuiteLimits(50, null, null));

    // when an import comes faster than it is trained on
    for (int i = 1; i <= 1_000; i++) {
      small.addHeldOut(record(i, "returns"));
    }

    // then the newest are there, and others from everywhere before
    List<Long> kept =
        small.view().heldOut().get("returns").stream().map(SuiteRecord::offset).toList();
    assertEquals(950, small.evicted());
    assertEquals(kept.stream().sorted().toList(), kept, "in order of arrival");
    assertEquals(LongStream.rangeClosed(976, 1_000).boxed().toList(), kept.subList(25, 50));
    for (long quarter = 0; quarter < 4; quarter++) {
      long from = 244 * quarter;
      assertTrue(
          kept.stream().filter(offset -> offset > from && offset <= from + 244).count() >= 2,
          kept::toString);
    }
  }

  @Test
  void oneRecordIsTheNewest() {
    Suite small = new Suite(new SuiteLimits(1, null, null));
    small.addHeldOut(record(1, "returns"));
    small.addHeldOut(record(2, "returns"));
    assertEquals(
        List.of("e2"),
        small.view().heldOut().get("returns").stream().map(SuiteRecord::id).toList());
  }

  @Test
  void furtherSlicesShareOne() {
    Suite narrow = new Suite(new SuiteLimits(null, 2, null));
    int offset = 0;
    for (String slice : List.of("a", "b", "c", "d", "a")) {
      narrow.addHeldOut(record(slice.charAt(0) * 10L + offset++, slice));
    }

    assertEquals(Set.of("a", "b", Suite.OVERFLOW_SLICE), narrow.view().heldOut().keySet());
    assertEquals(2, narrow.view().heldOut().get(Suite.OVERFLOW_SLICE).size());
  }

  @Test
  void forgetsTheFactsLearntFirstWithinTheLimit() {
    FactBook book = new FactBook(2);
    book.learn(statement("a", "one"));
    book.learn(statement("b", "two"));

    assertTrue(book.holds(statement("a", "anything")));
    assertFalse(book.holds(statement("b", "anything")));
  }

  @Test
  void aLimitOfZeroIsRefused() {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> new SuiteLimits(0, null, null));

    assertTrue(refused.getMessage().startsWith("evaluator.suite.max_records_per_slice"));
  }

  private static Statement statement(String id, String answer) {
    return Statement.of(record(1, builder(id, "returns", answer).setFactKey(id)), false);
  }

  private int size() {
    return suite.view().heldOut().values().stream().mapToInt(List::size).sum();
  }

  private List<String> ids(String slice) {
    return suite.view().heldOut().get(slice).stream().map(SuiteRecord::id).toList();
  }
}
