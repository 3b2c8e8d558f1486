package dev.tributary.app.demo.base;

import dev.tributary.foundation.config.StrictYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What is known in a {@link World}, as its file has it.
 *
 * @param slots what may stand for {@code {item}} and its like in a wording
 * @param greetings what people write before a question
 * @param closings what they write after it
 * @param slices the facts of each topic
 */
record Book(
    Map<String, List<String>> slots,
    List<String> greetings,
    List<String> closings,
    Map<String, List<Entry>> slices) {

  /** A fact in the file. */
  record Entry(String key, String answer, List<String> wordings) {}

  /** Reads a book the program brings along. */
  static Book load(String file) {
    return StrictYaml.parse(resource(file), file, Book.class);
  }

  /** Every fact, slice by slice. */
  List<Fact> facts() {
    return slices.entrySet().stream()
        .flatMap(
            slice ->
                slice.getValue().stream()
                    .map(e -> new Fact(slice.getKey(), e.key(), e.answer(), e.wordings())))
        .toList();
  }

  static String resource(String name) {
    try (InputStream in = Book.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
