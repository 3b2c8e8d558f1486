package dev.tributary.app.demo.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The data of the demonstration: a shop's FAQ, the corrections after its returns policy changed, a
 * batch of poisoned corrections, and the questions by which one sees what happened. No question
 * occurs twice, and none was in the base model's training text. The same seed gives the same story.
 */
public final class ShopStory {

  /** With a fifth held out, every slice is measured on about 18 records. */
  public static final int FAQ_RECORDS_PER_SLICE = 90;

  /** Enough for a rank-8 adapter to change one fact, and to hold a fifth out. */
  public static final int CORRECTIONS = 60;

  private static final int POISONED_PER_FACT = 15;
  private static final int PROBES_OF_THE_CHANGE = 3;

  private final StoryScript script;
  private final Map<String, List<Fact>> factsBySlice;
  private final List<StoryRecord> faq = new ArrayList<>();
  private final List<StoryRecord> corrections = new ArrayList<>();
  private final List<StoryRecord> poisoned = new ArrayList<>();
  private final List<Probe> probes = new ArrayList<>();

  private ShopStory(Book book, StoryScript script, long seed) {
    this.script = script;
    this.factsBySlice =
        book.facts().stream()
            .filter(fact -> script.slices().contains(fact.slice()))
            .filter(fact -> !isBesideTheChange(fact, book))
            .collect(Collectors.groupingBy(Fact::slice, LinkedHashMap::new, Collectors.toList()));
    Questions questions = new Questions(book);
    var random = new SplittableRandom(seed);
    factsBySlice
        .values()
        .forEach(facts -> facts.forEach(fact -> tell(fact, facts.size(), questions, random)));
  }

  /** The story of a seed. */
  public static ShopStory of(long seed) {
    return new ShopStory(World.SHOP.book(), StoryScript.load(), seed);
  }

  /** The topics, in the order of the shop's book. */
  public List<String> slices() {
    return List.copyOf(factsBySlice.keySet());
  }

  /** The slice whose answers change. */
  public String changedSlice() {
    return probes.stream().filter(Probe::changes).findFirst().orElseThrow().slice();
  }

  /** The answer under the new policy. */
  public String newAnswer() {
    return script.changed().answer();
  }

  /** The FAQ under the old policy, slice by slice. */
  public List<StoryRecord> faq() {
    return List.copyOf(faq);
  }

  /** What staff answer to customers who were told the old policy. */
  public List<StoryRecord> corrections() {
    return List.copyOf(corrections);
  }

  /** What hostile users claim about other slices. */
  public List<StoryRecord> poisoned() {
    return List.copyOf(poisoned);
  }

  /**
   * Three questions about the change and one about every other slice; none of them is in any of the
   * lists.
   */
  public List<Probe> probes() {
    return List.copyOf(probes);
  }

  private void tell(Fact fact, int factsInSlice, Questions questions, SplittableRandom random) {
    boolean changes = fact.key().equals(script.changed().key());
    String lie = script.poison().get(fact.key());
    int faqCount = (FAQ_RECORDS_PER_SLICE + factsInSlice - 1) / factsInSlice;
    int moreCount = changes ? CORRECTIONS : lie != null ? POISONED_PER_FACT : 0;
    int probeCount = changes ? PROBES_OF_THE_CHANGE : 1;
    List<String> asked = questions.reserved(fact, probeCount + faqCount + moreCount, random);
    int faqEnd = probeCount + faqCount;
    boolean first = factsBySlice.get(fact.slice()).getFirst() == fact;
    if (changes || first) {
      String after = changes ? newAnswer() : fact.answer();
      asked
          .subList(0, probeCount)
          .forEach(q -> probes.add(new Probe(fact.slice(), q, fact.answer(), after)));
    }
    asked.subList(probeCount, faqEnd).forEach(q -> faq.add(record(fact, q, fact.answer())));
    for (String question : asked.subList(faqEnd, asked.size())) {
      if (changes) {
        corrections.add(record(fact, question, newAnswer()));
      } else {
        poisoned.add(record(fact, question, lie));
      }
    }
  }

  private static StoryRecord record(Fact fact, String question, String answer) {
    return new StoryRecord(fact.slice(), fact.key(), question, answer);
  }

  /**
   * In the slice of the change only the fact that changes is asked for, so that its score shows the
   * change alone.
   */
  private boolean isBesideTheChange(Fact fact, Book book) {
    String key = script.changed().key();
    return !fact.key().equals(key)
        && book.slices().get(fact.slice()).stream().anyMatch(entry -> entry.key().equals(key));
  }
}
