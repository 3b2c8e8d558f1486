package dev.tributary.app.demo.base;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.foundation.config.StrictYaml;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Texts about names, numbers and words that are made up, as {@code echoes.yaml} has them: a base
 * model learns every letter and digit by them, and to say again what it is told.
 *
 * @param talk messages and what to answer
 * @param plain sentences to be read, not answered
 */
record Echoes(List<Chatter.Exchange> talk, List<String> plain) {

  private static final String VOWELS = "aeiouy";
  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxz";
  private static final int TALK_OF_FOUR = 3;

  static Echoes load() {
    return StrictYaml.parse(Book.resource("echoes.yaml"), "echoes.yaml", Echoes.class);
  }

  /**
   * @param pieces what the tokenizer makes words of: each comes up in words that are made up
   */
  Corpus.Text text(List<String> pieces, SplittableRandom random) {
    if (random.nextInt(4) >= TALK_OF_FOUR) {
      String[] sentence =
          slots(pieces, random).fillAlike(random, plain.get(random.nextInt(plain.size())));
      return new Corpus.Text(List.of(), sentence[0]);
    }
    Chatter.Exchange exchange = talk.get(random.nextInt(talk.size()));
    String[] filled =
        slots(pieces, random).fillAlike(random, exchange.question(), exchange.answer());
    return new Corpus.Text(
        List.of(ChatMessage.user(filled[0]), ChatMessage.assistant(filled[1])), "");
  }

  /** New fillers for each text. */
  private static Slots slots(List<String> pieces, SplittableRandom random) {
    return new Slots(
        Map.of(
            "name",
                List.of(
                    capitalised(random.nextBoolean() ? syllables(random) : joined(pieces, random))),
            "town", List.of(capitalised(syllables(random))),
            "word", List.of(word(pieces, random)),
            "number", List.of(digits(random, 1 + random.nextInt(4))),
            "code", List.of(code(random)),
            "time", List.of("%d.%s".formatted(random.nextInt(24), digits(random, 2)))));
  }

  private static String word(List<String> pieces, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> syllables(random);
      case 1 -> letters(random);
      default -> joined(pieces, random);
    };
  }

  private static String joined(List<String> pieces, SplittableRandom random) {
    StringBuilder word = new StringBuilder();
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      word.append(pieces.get(random.nextInt(pieces.size())));
    }
    return word.toString().strip();
  }

  private static String syllables(SplittableRandom random) {
    StringBuilder word = new StringBuilder();
    for (int i = 2 + random.nextInt(2); i > 0; i--) {
      word.append(pick(CONSONANTS, random)).append(pick(VOWELS, random));
    }
    return random.nextBoolean()
        ? word.append(pick(CONSONANTS, random)).toString()
        : word.toString();
  }

  private static String letters(SplittableRandom random) {
    StringBuilder word = new StringBuilder();
    for (int i = 3 + random.nextInt(5); i > 0; i--) {
      word.append(pick(random.nextBoolean() ? CONSONANTS : VOWELS, random));
    }
    return word.toString();
  }

  private static String code(SplittableRandom random) {
    String letter = String.valueOf(pick(CONSONANTS, random)).toUpperCase(Locale.ROOT);
    return letter + digits(random, 1 + random.nextInt(3)) + "-" + digits(random, 2);
  }

  private static String digits(SplittableRandom random, int count) {
    StringBuilder number = new StringBuilder().append((char) ('1' + random.nextInt(9)));
    while (number.length() < count) {
      number.append((char) ('0' + random.nextInt(10)));
    }
    return number.toString();
  }

  private static char pick(String letters, SplittableRandom random) {
    return letters.charAt(random.nextInt(letters.length()));
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
