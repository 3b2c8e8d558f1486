package dev.tributary.evaluator.suite;

import static dev.tributary.evaluator.suite.Examples.builder;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.evaluator.suite.BaseKnowledge.OwnAnswer;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecallTest {

  private static final String OLD = "Within 30 days of delivery.";
  private static final String NEW = "Within 45 days of delivery.";

  private final Recall recall =
      Recall.of(
          List.of(
              new OwnAnswer("How long can I return a lamp?", OLD),
              new OwnAnswer("Can I pay by card?", "Yes, with every card.")),
          "acme/support");

  @Test
  void everythingHoldsWhileNothingIsTold() {
    assertEquals(2, kept(List.of(), Map.of()));
  }

  @Test
  void theVeryQuestionThatWasToldIsLeftOut() {
    assertEquals(1, kept(List.of(told("CAN I pay by card").build()), Map.of()));
  }

  @Test
  void anotherWordingOfACorrectedAnswerIsLeftOut() {
    TrainingExample correction =
        told("Hello, how long can I return a thing?").setRejected(OLD).build();

    assertEquals(1, kept(List.of(correction), Map.of()));
  }

  @Test
  void whatTheReleaseAnsweredBeforeTellsWhichWordingsAreMeant() {
    // given a wording that shares a few words only
    TrainingExample told = told("When is it too late to return a lamp").build();

    assertEquals(1, kept(List.of(told), Map.of("t", OLD)));
    assertEquals(2, kept(List.of(told), Map.of("t", "Something else entirely, we think.")));
    assertEquals(2, kept(List.of(told), Map.of()));
  }

  @Test
  void nearlyTheSameQuestionWithAnotherAnswerIsLeftOut() {
    SuiteRecord plain =
        new SuiteRecord(told("Hello, how long can I return a thing?").build(), 0, 0);

    assertEquals(1, recall.without(List.of(plain), List.of(), Map.of()).size());
    assertEquals(1, recall.without(List.of(), List.of(plain), Map.of()).size());
  }

  @Test
  void aCorrectionLeavesOutEveryQuestionThatHadTheAnswerItSaysIsWrong() {
    TrainingExample correction = told("By when must it be back?").setRejected(OLD).build();

    assertEquals(1, kept(List.of(correction), Map.of()));
  }

  @Test
  void whatIsNotTrustedMakesNothingOutdated() {
    TrainingExample users = told("Can I pay by card?").setTrust(Trust.CORROBORATED).build();

    assertEquals(2, kept(List.of(users), Map.of()));
  }

  private static TrainingExample.Builder told(String question) {
    return builder("t", "returns", NEW).setPrompt(question);
  }

  private int kept(List<TrainingExample> told, Map<String, String> before) {
    return recall
        .without(told.stream().map(each -> new SuiteRecord(each, 0, 0)).toList(), List.of(), before)
        .size();
  }
}
