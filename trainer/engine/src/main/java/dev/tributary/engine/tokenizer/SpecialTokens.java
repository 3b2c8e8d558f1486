package dev.tributary.engine.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tokens that mean something to the model and must never come out of somebody's text: {@code
 * <|user|>}, {@code <|end|>}.
 *
 * <p>Text to be put into a template is {@link #guard guarded} first: a noncharacter is slipped into
 * every spelling of a special token, so that {@link #split} finds only the ones that the template
 * itself wrote. Splitting takes the noncharacters out again, so the text reaches the model as it
 * was typed.
 */
final class SpecialTokens {

  /**
   * A Unicode noncharacter, never exchanged in text; where it occurs all the same it is doubled and
   * survives.
   */
  private static final char MARK = '\uFDD0';

  private final Map<String, Integer> idByText;

  /** Longest first: of two tokens that start alike the longer wins. */
  private final List<String> texts;

  SpecialTokens(Map<String, Integer> idByText) {
    this.idByText = new TreeMap<>(idByText);
    texts =
        idByText.keySet().stream()
            .sorted(
                Comparator.comparing(String::length)
                    .reversed()
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
  }

  /** A stretch of text, or one special token if {@code id} is there. */
  record Piece(String text, Optional<Integer> id) {}

  Optional<Integer> id(String text) {
    return Optional.ofNullable(idByText.get(text));
  }

  boolean contains(int id) {
    return idByText.containsValue(id);
  }

  String guard(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      out.append(c);
      if (c == MARK || tokenAt(text, at).isPresent()) {
        out.append(MARK);
      }
      at++;
    }
    return out.toString();
  }

  List<Piece> split(String rendered) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < rendered.length()) {
      Optional<String> token = tokenAt(rendered, at);
      if (token.isPresent()) {
        flush(text, pieces);
        pieces.add(new Piece(token.get(), id(token.get())));
        at += token.get().length();
        continue;
      }
      char c = rendered.charAt(at++);
      if (c != MARK) {
        text.append(c);
      } else if (at < rendered.length() && rendered.charAt(at) == MARK) {
        text.append(MARK);
        at++;
      }
    }
    flush(text, pieces);
    return pieces;
  }

  private Optional<String> tokenAt(String text, int at) {
    for (String token : texts) {
      if (text.startsWith(token, at)) {
        return Optional.of(token);
      }
    }
    return Optional.empty();
  }

  private static void flush(StringBuilder text, List<Piece> pieces) {
    if (!text.isEmpty()) {
      pieces.add(new Piece(text.toString(), Optional.empty()));
      text.setLength(0);
    }
  }
}
