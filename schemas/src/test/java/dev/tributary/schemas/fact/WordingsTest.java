package dev.tributary.schemas.fact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordingsTest {

  private static final String POLICY = "You can return any unworn item within 30 days.";
  private static final List<String> RETURNS =
      List.of(
          "how long do i have to return an item",
          "how many days do i have to send an item back",
          "until when can i send something back",
          "what is the deadline for returns of an item");

  private static List<String> known() {
    return Stream.concat(
            RETURNS.stream(),
            Stream.of(
                "where is the shop",
                "do you sell gift cards",
                "can i pay by card",
                "what are your opening hours on sunday",
                "is there parking near the shop"))
        .toList();
  }

  @Test
  void otherWordingsAreLinkedThroughEachOther() {
    // when
    Set<Integer> linked = new Wordings(known()).of(RETURNS.getFirst(), POLICY, RETURNS);

    // then the third shares hardly a word with the first, but some with the second
    assertTrue(linked.containsAll(Set.of(0, 1, 2)), linked.toString());
  }

  @Test
  void aGenericAnswerDoesNotMakeTwoQuestionsTheSame() {
    // given two questions that were both answered "Yes."
    List<String> sameAnswer = List.of("can i pay by card", "is there parking near the shop");

    // when
    Set<Integer> linked = new Wordings(known()).of("can i pay by card", "Yes.", sameAnswer);

    // then
    assertEquals(Set.of(0), linked);
  }

  @Test
  void anAnswerThatTellsLittleNeedsNearlyTheSameQuestion() {
    // given
    List<String> sameAnswer = List.of("do you ship to spain", "do you ship to norway please");

    // when
    Set<Integer> linked = new Wordings(known()).of("do you ship to norway", "Yes.", sameAnswer);

    // then
    assertEquals(Set.of(1), linked);
  }

  @Test
  void theOrderDoesNotMatter() {
    Wordings wordings = new Wordings(known());
    for (int i = 0; i < RETURNS.size(); i++) {
      int start = i;
      List<String> reversed = RETURNS.reversed();
      Set<Integer> forward = wordings.of(RETURNS.get(start), POLICY, RETURNS);
      Set<Integer> backward = new HashSet<>();
      wordings
          .of(RETURNS.get(start), POLICY, reversed)
          .forEach(place -> backward.add(RETURNS.size() - 1 - place));
      assertEquals(forward, backward);
    }
  }

  @Test
  void aQuestionFoldsToItsWords() {
    assertEquals("where is my parcel", Question.fold("  Where is my PARCEL?! "));
    assertEquals("?!", Question.fold(" ?! "));
    assertTrue(Answer.same("Within 30  days.", "within 30 days."));
    assertFalse(Answer.same("Within 30 days.", "Within 45 days."));
  }
}
