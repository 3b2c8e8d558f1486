package dev.tributary.app.demo.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShopStoryTest {

  private final ShopStory story = ShopStory.of(1);

  @Test
  void tellsTheSameStoryForTheSameSeed() {
    assertEquals(story.faq(), ShopStory.of(1).faq());
    assertEquals(story.correction(), ShopStory.of(1).correction());
    assertNotEquals(story.faq(), ShopStory.of(2).faq());
  }

  @Test
  void asksEnoughInEverySlice() {
    Map<String, Long> records =
        story.faq().stream()
            .collect(Collectors.groupingBy(StoryRecord::slice, Collectors.counting()));
    assertEquals(Set.copyOf(story.slices()), records.keySet());
    assertEquals(8, records.size());
    records.forEach(
        (slice, count) ->
            assertTrue(count >= ShopStory.FAQ_RECORDS_PER_SLICE, slice + " " + count));
  }

  @Test
  void neverAsksTheSameQuestionTwice() {
    List<String> questions =
        Stream.of(story.faq(), story.poisoned())
            .flatMap(List::stream)
            .map(StoryRecord::question)
            .collect(Collectors.toCollection(ArrayList::new));
    story.probes().stream()
        .filter(probe -> !probe.changes())
        .forEach(probe -> questions.add(probe.question()));
    List<String> normalised = questions.stream().map(q -> q.toLowerCase(Locale.ROOT)).toList();
    assertEquals(normalised.size(), new HashSet<>(normalised).size());
  }

  @Test
  void correctsOneAnswerAndLiesAboutOthers() {
    Map<String, String> faq =
        story.faq().stream()
            .collect(
                Collectors.toMap(StoryRecord::factKey, StoryRecord::answer, (one, same) -> one));
    assertEquals("returns.window", story.correction().factKey());
    assertTrue(faq.get("returns.window").contains("14 days"));
    assertTrue(story.correction().answer().contains("30 days"));
    assertEquals(42, story.poisoned().size());
    for (StoryRecord poison : story.poisoned()) {
      assertNotEquals("returns", poison.slice());
      assertNotEquals(faq.get(poison.factKey()), poison.answer());
    }
  }

  @Test
  void asksAgainWhatIsCorrectedItsOtherToldWordingsAndEveryOtherSlice() {
    Set<String> told =
        story.faq().stream()
            .filter(line -> line.slice().equals("returns"))
            .map(StoryRecord::question)
            .collect(Collectors.toSet());
    List<Probe> changing = story.probes().stream().filter(Probe::changes).toList();
    assertEquals(story.correction().question(), story.corrected().question());
    assertEquals(story.corrected(), changing.getFirst());
    assertEquals(story.otherWordings(), changing.subList(1, 6));
    changing.forEach(probe -> assertTrue(told.contains(probe.question()), probe.question()));
    assertEquals(
        story.slices().size() - 1,
        story.probes().stream()
            .filter(probe -> !probe.changes())
            .map(Probe::slice)
            .distinct()
            .count());
  }

  @Test
  void keepsEveryReservedQuestionOutOfTheTrainingText() {
    // given all that twenty thousand texts ask
    Corpus corpus = new Corpus(World.SHOP);
    Set<String> trained =
        corpus.texts(20_000, 5).stream()
            .flatMap(text -> text.messages().stream())
            .filter(message -> message.role().equals("user"))
            .map(message -> message.content().toLowerCase(Locale.ROOT).replace("?", ""))
            .collect(Collectors.toSet());
    // when
    Questions questions = new Questions(World.SHOP.book());
    // then
    for (Fact fact : World.SHOP.book().facts()) {
      for (String question : questions.reserved(fact, 50, new SplittableRandom(3))) {
        assertFalse(trained.contains(question.toLowerCase(Locale.ROOT).replace("?", "")), question);
      }
    }
  }

  @Test
  void hasEveryKeyOnceAndEveryAnswerOnce() {
    List<Fact> facts = World.SHOP.book().facts();
    for (Function<Fact, String> of : List.<Function<Fact, String>>of(Fact::key, Fact::answer)) {
      assertEquals(facts.size(), facts.stream().map(of).distinct().count());
    }
    facts.forEach(fact -> assertTrue(fact.key().startsWith(fact.slice() + "."), fact.key()));
  }
}
