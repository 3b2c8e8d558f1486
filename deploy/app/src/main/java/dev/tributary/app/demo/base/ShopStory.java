package dev.tributary.app.demo.base;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data of the demonstration: a shop's FAQ, the one correction after its returns policy changed,
 * a batch of lies, and the questions by which one sees what happened. No record asks the question
 * of another, and none of them was in the base model's training text. The same seed gives the same
 * story. Immutable.
 */
public final class ShopStory {

  /** Enough wordings of every answer that one correction has others to carry with it. */
  public static final int FAQ_RECORDS_PER_SLICE = 24;

  private static final int LIES_PER_FACT = 6;
  private static final int OTHER_WORDINGS = 5;

  private final StoryScript script;
  private final Map<String, List<Fact>> factsBySlice;
  private final List<StoryRecord> faq = new ArrayList<>();
  private final List<StoryRecord> poisoned = new ArrayList<>();
  private final List<Probe> retained = new ArrayList<>();
  private final StoryRecord correction;
  private final List<Probe> changing;

  private ShopStory(Book book, StoryScript script, long seed) {
    this.script = script;
    this.factsBySlice =
        book.facts().stream()
            .filter(fact -> script.slices().contains(fact.slice()))
            .filter(fact -> !isBesideTheChange(fact, book))
            .collect(Collectors.groupingBy(Fact::slice, LinkedHashMap::new, Collectors.toList()));
    Questions questions = new Questions(book);
    var random = new SplittableRandom(seed);
    for (List<Fact> facts : factsBySlice.values()) {
      for (Fact fact : facts) {
        tell(fact, facts, questions, random);
      }
    }
    String changed = script.changed().answer();
    List<StoryRecord> told =
        faq.stream().filter(line -> line.factKey().equals(script.changed().key())).toList();
    StoryRecord asked = told.getFirst();
    correction = new StoryRecord(asked.slice(), asked.factKey(), asked.question(), changed);
    changing =
        told.stream()
            .limit(1 + OTHER_WORDINGS)
            .map(line -> new Probe(line.slice(), line.question(), line.answer(), changed))
            .toList();
  }

  /** The story of a seed. */
  public static ShopStory of(long seed) {
    return new ShopStory(World.SHOP.book(), StoryScript.load(), seed);
  }

  /** The topics, in the order of the shop's book. */
  public List<String> slices() {
    return List.copyOf(factsBySlice.keySet());
  }

  /** The FAQ under the old policy, slice by slice. */
  public List<StoryRecord> faq() {
    return List.copyOf(faq);
  }

  /** What staff answer to the customer who was told the old policy, in words of the FAQ. */
  public StoryRecord correction() {
    return correction;
  }

  /** What hostile users claim about other slices. */
  public List<StoryRecord> poisoned() {
    return List.copyOf(poisoned);
  }

  /** The question that is corrected. */
  public Probe corrected() {
    return changing.getFirst();
  }

  /** Other wordings of it, out of the FAQ, that nobody corrects. */
  public List<Probe> otherWordings() {
    return changing.subList(1, changing.size());
  }

  /**
   * The corrected question, its other wordings, and a question about every other slice that is in
   * none of the lists.
   */
  public List<Probe> probes() {
    return Stream.concat(changing.stream(), retained.stream()).toList();
  }

  private void tell(Fact fact, List<Fact> slice, Questions questions, SplittableRandom random) {
    boolean changes = fact.key().equals(script.changed().key());
    String lie = script.poison().get(fact.key());
    int faqCount = (FAQ_RECORDS_PER_SLICE + slice.size() - 1) / slice.size();
    int lies = lie == null ? 0 : LIES_PER_FACT;
    List<String> asked = questions.reserved(fact, 1 + faqCount + lies, random);
    if (!changes && slice.getFirst() == fact) {
      retained.add(new Probe(fact.slice(), asked.getFirst(), fact.answer(), fact.answer()));
    }
    int faqEnd = 1 + faqCount;
    asked.subList(1, faqEnd).forEach(q -> faq.add(record(fact, q, fact.answer())));
    asked.subList(faqEnd, asked.size()).forEach(q -> poisoned.add(record(fact, q, lie)));
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
