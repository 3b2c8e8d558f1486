package dev.tributary.app.bench.told;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A FAQ nobody fitted anything to: so many facts, each a subject of some trade with an attribute
 * and an answer of random times, prices, names and places. No question and no answer occurs twice.
 * The same seed gives the same FAQ.
 */
public final class Faq {

  /** Most wordings a fact is told in. */
  public static final int MOST_WORDINGS = 30;

  /** Fewest. */
  public static final int FEWEST_WORDINGS = 5;

  private static final int UNTOLD = 5;
  private static final int CORRECTIONS = 2;

  private final FaqBook book;
  private final Random random;
  private final Set<String> answers = new HashSet<>();
  private final List<FaqFact> facts = new ArrayList<>();

  private Faq(FaqBook book, int count, int fewestWordings, long seed) {
    this.book = book;
    this.random = new Random(seed);
    List<String> subjects =
        new ArrayList<>(book.subjects().values().stream().flatMap(List::stream).toList());
    List<Topic> topics = new ArrayList<>();
    for (String subject : subjects) {
      book.attributes().keySet().forEach(attribute -> topics.add(new Topic(subject, attribute)));
    }
    Collections.shuffle(topics, random);
    topics.subList(0, count).forEach(topic -> facts.add(fact(topic, fewestWordings)));
  }

  private record Topic(String subject, String attribute) {}

  /** A FAQ of so many facts in 5 to 30 wordings each. */
  public static Faq of(int facts, long seed) {
    return of(facts, FEWEST_WORDINGS, seed);
  }

  /** The same with at least so many wordings each. */
  public static Faq of(int facts, int fewestWordings, long seed) {
    return new Faq(FaqBook.load(), facts, fewestWordings, seed);
  }

  /** The facts, in no order of meaning. */
  public List<FaqFact> facts() {
    return List.copyOf(facts);
  }

  /** What is told, fact by fact, as a FAQ lists it. */
  public List<Line> told() {
    return facts.stream().flatMap(fact -> lines(fact, fact.told())).toList();
  }

  /** The told questions in other greetings and closings, in a random order. */
  public List<Line> retold() {
    return shuffled(facts.stream().flatMap(fact -> lines(fact, fact.retold())));
  }

  /** Questions in wordings that were never told, in a random order. */
  public List<Line> untold() {
    return shuffled(facts.stream().flatMap(fact -> lines(fact, fact.untold())));
  }

  private static Stream<Line> lines(FaqFact fact, List<String> questions) {
    return questions.stream().map(question -> new Line(question, fact.answer()));
  }

  private static List<Line> shuffled(Stream<Line> lines) {
    List<Line> order = new ArrayList<>(lines.toList());
    Collections.shuffle(order, new Random(order.size()));
    return order;
  }

  private FaqFact fact(Topic topic, int fewestWordings) {
    FaqBook.Attribute attribute = book.attributes().get(topic.attribute());
    List<String> wordings = new ArrayList<>(attribute.wordingsOf(topic.subject()));
    Collections.shuffle(wordings, random);
    int count = fewestWordings + random.nextInt(MOST_WORDINGS - fewestWordings + 1);
    List<String> told = wordings.subList(0, count);
    List<String> untold = wordings.subList(count, Math.min(wordings.size(), count + UNTOLD));
    return new FaqFact(
        topic.subject(),
        topic.attribute(),
        answer(topic, attribute),
        told.stream().map(wording -> book.told().dress(wording, random)).toList(),
        told.stream().map(wording -> book.retold().dress(wording, random)).toList(),
        untold.stream().map(wording -> book.retold().dress(wording, random)).toList(),
        Stream.generate(() -> answer(topic, attribute)).limit(CORRECTIONS).toList());
  }

  /** One that was not given before. */
  private String answer(Topic topic, FaqBook.Attribute attribute) {
    String subject = topic.subject();
    String first = subject.substring(0, 1).toUpperCase(Locale.ROOT);
    while (true) {
      String pattern = attribute.answers().get(random.nextInt(attribute.answers().size()));
      String told = pattern.replace("{Subject}", first + subject.substring(1));
      String answer = Phrases.filled(told, Map.copyOf(book.values()), random);
      if (answers.add(answer)) {
        return answer;
      }
    }
  }
}
