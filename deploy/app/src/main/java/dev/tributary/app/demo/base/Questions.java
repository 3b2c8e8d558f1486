package dev.tributary.app.demo.base;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Asks for facts in many ways. A core (a wording with its slots filled) is either for training or
 * reserved, for good: reserved are a quarter of the cores by their hash, and the whole last wording
 * of every fact. Greetings, closings and a careless way of typing vary around the core.
 */
final class Questions {

  /** One core in so many is reserved. */
  private static final int RESERVED_ONE_IN = 4;

  private static final int MAX_DRAWS = 100_000;

  private final Book book;
  private final Slots slots;

  Questions(Book book) {
    this.book = book;
    this.slots = new Slots(book.slots());
  }

  /** A question for training. */
  String forTraining(Fact fact, SplittableRandom random) {
    List<String> known = fact.wordings().subList(0, fact.wordings().size() - 1);
    return dressed(core(known, false, random), random);
  }

  /**
   * A question in a known wording, but about something the model has not been asked about in it.
   */
  String reserved(Fact fact, SplittableRandom random) {
    List<String> known = fact.wordings().subList(0, fact.wordings().size() - 1);
    return dressed(core(known, true, random), random);
  }

  /** A question in the wording that no training text has. */
  String unseenWording(Fact fact, SplittableRandom random) {
    return dressed(slots.fill(fact.wordings().getLast(), random), random);
  }

  /**
   * So many reserved questions, every fourth in the unseen wording; no two differ in small things
   * only.
   */
  List<String> reserved(Fact fact, int count, SplittableRandom random) {
    Map<String, String> questions = new LinkedHashMap<>();
    for (int draw = 0; questions.size() < count; draw++) {
      if (draw == MAX_DRAWS) {
        throw new IllegalArgumentException(
            "%s has no %d different reserved questions".formatted(fact.key(), count));
      }
      boolean unseen = questions.size() % 4 == 3;
      String question = unseen ? unseenWording(fact, random) : reserved(fact, random);
      questions.putIfAbsent(question.toLowerCase(Locale.ROOT).replace("?", ""), question);
    }
    return List.copyOf(questions.values());
  }

  static boolean isReserved(String core) {
    CRC32C hash = new CRC32C();
    hash.update(core.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    return Long.remainderUnsigned(hash.getValue(), RESERVED_ONE_IN) == 0;
  }

  private String core(List<String> wordings, boolean reserved, SplittableRandom random) {
    for (int draw = 0; draw < MAX_DRAWS; draw++) {
      String core = slots.fill(wordings.get(random.nextInt(wordings.size())), random);
      if (isReserved(core) == reserved) {
        return core;
      }
    }
    throw new IllegalArgumentException("no core of these wordings is on that side: " + wordings);
  }

  private String dressed(String core, SplittableRandom random) {
    String greeting = book.greetings().get(random.nextInt(book.greetings().size()));
    String closing = book.closings().get(random.nextInt(book.closings().size()));
    String question = greeting + inside(core, greeting) + closing;
    return switch (random.nextInt(8)) {
      case 0 -> question.toLowerCase(Locale.ROOT);
      case 1 -> question.endsWith("?") ? question.substring(0, question.length() - 1) : question;
      default -> question;
    };
  }

  /** After a comma or colon a sentence goes on in small letters, unless it starts with "I". */
  private static String inside(String core, String greeting) {
    boolean goesOn = greeting.endsWith(", ") || greeting.endsWith(": ");
    return goesOn && !core.startsWith("I ")
        ? core.substring(0, 1).toLowerCase(Locale.ROOT) + core.substring(1)
        : core;
  }
}
