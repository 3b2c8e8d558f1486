package dev.tributary.app.bench.told;

import dev.tributary.foundation.config.StrictYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What frequently asked questions are made of, as {@code faq.yaml} has it.
 *
 * @param told what goes round a question when it is told
 * @param retold what goes round the same question when it is asked
 * @param subjects what one can ask about, by trade
 * @param attributes what one can ask of each subject
 * @param values what may stand for a name in an answer
 */
record FaqBook(
    Dressing told,
    Dressing retold,
    Map<String, List<String>> subjects,
    Map<String, Attribute> attributes,
    Map<String, List<String>> values) {

  /** How people ask for an attribute, and how it is answered. */
  record Attribute(List<String> wordings, List<String> answers) {

    /** Every wording the patterns give for a subject, in their order. */
    List<String> wordingsOf(String subject) {
      return wordings.stream()
          .flatMap(pattern -> Phrases.all(pattern).stream())
          .map(wording -> wording.replace("{subject}", subject))
          .toList();
    }
  }

  /** Reads the book the program brings along. */
  static FaqBook load() {
    try (InputStream in = FaqBook.class.getResourceAsStream("faq.yaml")) {
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return StrictYaml.parse(yaml, "faq.yaml", FaqBook.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
