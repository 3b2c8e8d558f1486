package dev.tributary.evaluator.suite;

import static dev.tributary.evaluator.suite.Examples.NOON;
import static dev.tributary.evaluator.suite.Examples.builder;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupersessionTest {

  private static final String OLD = "Within 30 days of delivery.";
  private static final String NEW = "Within 45 days of delivery.";

  private final Suite suite = new Suite(SuiteLimits.defaults());

  @Test
  void aNewerTrustedAnswerToTheSameQuestionTakesThePlaceOfTheOlder() {
    told(said("old", "How long can I return a thing?", OLD, 0));
    told(said("new", "how long can I RETURN a thing", NEW, 1));

    assertEquals(Set.of("new"), holding());
  }

  @Test
  void heldOutRecordsAreReplacedByWhatIsTold() {
    suite.addHeldOut(new SuiteRecord(said("old", "How long?", OLD, 0).build(), 0, 9));
    told(said("new", "How long?", NEW, 1));

    assertEquals(Set.of("new"), holding());
  }

  @Test
  void ofTwoAnswersWithinTheSameMillisecondTheLaterInTheTopicHolds() {
    told(said("one", "How long?", OLD, 0));
    told(said("other", "How long?", NEW, 0));

    assertEquals(Set.of("other"), holding());
  }

  @Test
  void aCorroboratedAnswerReplacesNothingThatWasToldWithTrust() {
    told(said("staff", "How long?", OLD, 0));
    told(said("users", "How long?", NEW, 1).setTrust(Trust.CORROBORATED));

    assertEquals(Set.of("staff"), holding());
  }

  @Test
  void aCorrectionReplacesTheOldAnswerInOtherWordingsToo() {
    told(said("w1", "How long can I return a thing?", OLD, 0));
    told(said("w2", "Hello, how long can I return a lamp?", OLD, 0));
    told(said("other", "Can I pay by card?", "Yes, with every card.", 0));
    told(said("c", "How long can I return a thing?", NEW, 5).setRejected(OLD));

    assertEquals(Set.of("c", "other"), holding());
  }

  @Test
  void anOlderAnswerToTheVeryQuestionIsReplacedInOtherWordingsThoughAnotherWasGiven() {
    // given that the model answered something it was never told
    told(said("w1", "How long can I return a thing?", OLD, 0));
    told(said("w2", "Hello, how long can I return a lamp?", OLD, 0));
    told(said("c", "How long can I return a thing?", NEW, 5).setRejected("Which of delivery."));

    assertEquals(Set.of("c"), holding());
  }

  @Test
  void theSameAnswerToAnotherQuestionStays() {
    told(said("w1", "How long can I return a thing?", "Two weeks at the most.", 0));
    told(said("far", "When does repair end?", "Two weeks at the most.", 0));
    told(said("c", "How long can I return a thing?", NEW, 5).setRejected("Two weeks at the most."));

    assertEquals(Set.of("c", "far"), holding());
  }

  @Test
  void aCorrectionToTheSameAnswerChangesNothing() {
    told(said("w1", "How long can I return a thing?", OLD, 0));
    told(said("w2", "Hello, how long can I return a lamp?", OLD, 0));
    told(said("c", "How long can I return a thing?", OLD, 5).setRejected(OLD.toUpperCase()));

    assertEquals(Set.of("c", "w1", "w2"), holding());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatHoldsDoesNotDependOnTheOrderOfReading(long seed) {
    List<TrainingExample.Builder> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(said("w" + i, "How long can I return thing " + i + "?", OLD, i));
      all.add(said("p" + i, "Can I pay thing " + i + " by card?", "Yes, with every card.", i));
    }
    all.add(said("c1", "How long can I return thing 2?", NEW, 10).setRejected(OLD));
    all.add(said("late", "How long can I return thing 9?", OLD, 20));
    List<SuiteRecord> records = new ArrayList<>();
    for (TrainingExample.Builder each : all) {
      records.add(new SuiteRecord(each.build(), 0, records.size()));
    }
    Collections.shuffle(records, new Random(seed));

    for (SuiteRecord record : records) {
      // those with an even offset are held out
      if (record.offset() % 2 == 0) {
        suite.addHeldOut(record);
      } else {
        suite.addTold(record);
      }
    }

    assertEquals(Set.of("c1", "late", "p0", "p1", "p2", "p3", "p4", "p5"), holding());
  }

  private int offset;

  private void told(TrainingExample.Builder example) {
    suite.addTold(new SuiteRecord(example.build(), 0, offset++));
  }

  private static TrainingExample.Builder said(
      String id, String question, String answer, int minute) {
    return builder(id, "returns", answer)
        .setPrompt(question)
        .setEventTime(NOON.plusSeconds(60L * minute));
  }

  private Set<String> holding() {
    Set<String> ids = new TreeSet<>();
    SuiteView view = suite.view();
    view.heldOut().values().forEach(records -> records.forEach(each -> ids.add(each.id())));
    view.told().values().forEach(records -> records.forEach(each -> ids.add(each.id())));
    return ids;
  }
}
