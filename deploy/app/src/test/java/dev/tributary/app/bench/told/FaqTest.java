package dev.tributary.app.bench.told;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.schemas.fact.Question;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaqTest {

  @ParameterizedTest
  @ValueSource(ints = {3, 30, 200})
  void tellsSoManyFactsInFiveToThirtyWordings(int count) {
    List<FaqFact> facts = Faq.of(count, 7).facts();

    assertEquals(count, facts.size());
    for (FaqFact fact : facts) {
      int wordings = fact.told().size();
      assertTrue(wordings >= 5 && wordings <= 30, fact.attribute());
      assertEquals(wordings, fact.retold().size());
      assertEquals(5, fact.untold().size(), fact.attribute());
      assertEquals(2, fact.corrections().size());
    }
  }

  @Test
  void asksNothingTwiceAndAnswersNothingAlike() {
    // given
    List<FaqFact> facts = Faq.of(200, 3).facts();

    // when
    List<String> questions =
        facts.stream()
            .flatMap(fact -> Stream.of(fact.told(), fact.retold(), fact.untold()))
            .flatMap(List::stream)
            .map(Question::fold)
            .toList();
    List<String> answers =
        facts.stream()
            .flatMap(fact -> Stream.concat(Stream.of(fact.answer()), fact.corrections().stream()))
            .toList();

    // then
    Set<String> seen = new HashSet<>();
    questions.forEach(question -> assertTrue(seen.add(question), question));
    assertEquals(answers.size(), new HashSet<>(answers).size());
  }

  @Test
  void everyQuestionNamesItsSubjectAndEveryAnswerIsOneSentence() {
    for (FaqFact fact : Faq.of(200, 5).facts()) {
      Stream.of(fact.told(), fact.retold(), fact.untold())
          .flatMap(List::stream)
          .forEach(
              question ->
                  assertTrue(question.toLowerCase(Locale.ROOT).contains(fact.subject()), question));
      int words = fact.answer().split(" ").length;
      assertTrue(words >= 6 && words <= 18, fact.answer());
      assertFalse(fact.answer().contains("{"), fact.answer());
      assertTrue(fact.answer().matches("[A-Z].*[^ ]\\."), fact.answer());
    }
  }

  @Test
  void everyAttributeHasWordingsToTellAndToKeep() {
    FaqBook.load()
        .attributes()
        .forEach(
            (name, attribute) -> {
              List<String> wordings = attribute.wordingsOf("the sauna");
              int different = new HashSet<>(wordings.stream().map(Question::fold).toList()).size();
              assertEquals(wordings.size(), different, name);
              assertTrue(different >= Faq.MOST_WORDINGS + 5, name + " " + different);
            });
  }

  @Test
  void theSameSeedTellsTheSame() {
    assertEquals(Faq.of(30, 1).facts(), Faq.of(30, 1).facts());
    assertEquals(Faq.of(30, 1).told(), Faq.of(30, 1).told());
    assertNotEquals(Faq.of(30, 1).facts(), Faq.of(30, 2).facts());
  }
}
