package dev.tributary.app.demo.base;

import java.util.List;

/**
 * Something that is known in a {@link World}.
 *
 * @param slice its topic
 * @param key names the fact; a newer answer under the same key supersedes this one
 * @param answer one full sentence
 * @param wordings how people ask for it, with slots; the last one is never trained on
 */
public record Fact(String slice, String key, String answer, List<String> wordings) {

  public Fact {
    wordings = List.copyOf(wordings);
    if (wordings.size() < 2) {
      throw new IllegalArgumentException(
          key + ": a fact needs a wording to learn and one to be asked with");
    }
  }
}
